package io.sluice.frontier.repair;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.url.Url;
import io.sluice.frontier.queue.Calendar;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueueClass;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event.Done;
import io.sluice.frontier.state.OpenLease;
import io.sluice.frontier.state.ShardState;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Removes the placeholders of lost URLs from a salvaged state, and adds every URL that has not
 * ended to the seen set. Holds the URLs of one damaged host at a time in memory. Used once, on one
 * thread.
 */
final class StateTidy {

  private static final UrlEnd LOST =
      new UrlEnd(Ending.FAILED, Reason.LOST, 0, null, Instant.EPOCH, 0, 0);

  private final ShardState state;
  private final Fingerprints fingerprints;
  private final Set<HostQueue> suspects;
  private final SeenRebuild seen;
  private final Consumer<String> losses;
  private final LongOpenHashSet once = new LongOpenHashSet();
  private long bad;

  /**
   * @param suspects hosts whose queues may contain a URL twice, once in place of a lost one
   * @param seen receives every URL that has not ended
   */
  StateTidy(
      ShardState state,
      Fingerprints fingerprints,
      Set<HostQueue> suspects,
      SeenRebuild seen,
      Consumer<String> losses) {
    this.state = state;
    this.fingerprints = fingerprints;
    this.suspects = suspects;
    this.seen = seen;
    this.losses = losses;
  }

  void run() throws IOException {
    tidyOpen();
    for (HostQueue host : state.hosts()) {
      bad = 0;
      expectOthersThanOpen(host);
      state.queues().visit(host, (_, url) -> look(host, url));
      if (bad > 0) {
        drop(host);
        losses.accept("host %s: %d waiting URLs are lost".formatted(host.name(), bad));
      }
    }
    state.recount();
    seen.flush();
  }

  private boolean look(HostQueue host, PackedUrl url) throws IOException {
    if (isFirst(host, url)) {
      seen.accepted(url.unpack().href());
    } else {
      bad++;
    }
    return true;
  }

  private void expectOthersThanOpen(HostQueue host) {
    once.clear();
    if (suspects.contains(host)) {
      for (OpenLease lease : state.leases()) {
        once.add(fingerprints.of(lease.url().unpack().href()));
      }
    }
  }

  private boolean isFirst(HostQueue host, PackedUrl url) {
    return holds(host, url)
        && (!suspects.contains(host) || once.add(fingerprints.of(url.unpack().href())));
  }

  private static boolean holds(HostQueue host, PackedUrl packed) {
    try {
      String href = packed.unpack().href(); // empty if this is the placeholder of a lost URL
      Url url = Url.parse(href);
      return url != null && url.href().equals(href) && Calendar.mayHold(host, url);
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  private void drop(HostQueue host) throws IOException {
    UrlQueues queues = state.queues();
    List<PackedUrl> kept = new ArrayList<>();
    List<PackedUrl> keptAside = new ArrayList<>();
    expectOthersThanOpen(host);
    for (PackedUrl url = queues.poll(host); url != null; url = queues.poll(host)) {
      if (isFirst(host, url)) {
        kept.add(url);
      }
    }
    for (PackedUrl url = queues.pollSetAside(host); url != null; url = queues.pollSetAside(host)) {
      if (isFirst(host, url)) {
        keptAside.add(url);
      }
    }
    for (PackedUrl url : kept) {
      queues.append(host, url);
    }
    for (PackedUrl url : keptAside) {
      queues.append(host, QueueClass.SET_ASIDE, url);
    }
  }

  /** Ends the leases of URLs that cannot be read. */
  private void tidyOpen() throws IOException {
    for (OpenLease lease : List.copyOf(state.leases())) {
      if (holds(lease.host(), lease.url())) {
        seen.accepted(lease.url().unpack().href());
      } else {
        state.apply(new Done(lease.sequence(), LOST, List.of(), null), (_, _) -> {});
        losses.accept("host %s: a leased URL is lost".formatted(lease.host().name()));
      }
    }
  }
}
