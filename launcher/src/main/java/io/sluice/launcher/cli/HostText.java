package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.frontier.hold.HostState.First;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.hold.HostState.Nameless;
import io.sluice.frontier.hold.HostState.Proven;
import io.sluice.frontier.hold.HostState.Troubled;
import io.sluice.frontier.inspect.HostFacts;
import io.sluice.launcher.progress.Amounts;

/** Describes a host in words. Stateless. */
final class HostText {

  private HostText() {}

  /** The host's URL counts, in one line. */
  static String counts(HostFacts facts) {
    String delay =
        facts.crawlDelay().isZero()
            ? "no crawl-delay known"
            : "crawl-delay " + Amounts.time(facts.crawlDelay());
    String setAside =
        facts.setAside() == 0 ? "" : ", %s set aside".formatted(Amounts.count(facts.setAside()));
    return "%s: %s queued, %s to retry, %s leased%s, %s pages; %s"
        .formatted(
            Echo.whole(facts.name()),
            Amounts.count(facts.queued()),
            Amounts.count(facts.retries()),
            Amounts.count(facts.leases()),
            setAside,
            Amounts.count(facts.pages()),
            delay);
  }

  /**
   * The host's state after its visits so far, in one line. Times are in the crawl's running time.
   */
  static String state(HostFacts facts) {
    return switch (facts.state()) {
      case First _ -> "first: it has not answered yet";
      case Proven _ -> "proven: its last visit went well";
      case Troubled state -> "troubled: " + state.reason();
      case Nameless _ -> "troubled: its name does not exist";
      case Held state ->
          "held: for %s, %s, %s probes failed"
              .formatted(
                  Amounts.time(facts.since(state.sinceMillis())),
                  state.reason(),
                  Amounts.count(state.probes()));
      case GivenUp state ->
          "given-up: %s ago, %s; its URLs rest%s"
              .formatted(
                  Amounts.time(facts.since(state.atMillis())),
                  state.reason(),
                  state.wanted() ? "; a URL was added since then and will be probed" : "");
    };
  }
}
