package io.sluice.it;

import static org.awaitility.Awaitility.await;

import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.time.Duration;

/**
 * How many leases are out when a fetcher is killed, counted from outside, by what it shows before
 * and what the web sees of it until it is dead: more are not out then. Immutable.
 *
 * @param shown leases that its status shows; none of a fetcher that is not up
 * @param requests what the web had been asked for just before the status was read
 */
record LeasesOut(long shown, int requests) {

  /** For so long nothing comes from a process that is dead. */
  private static final Duration SILENCE = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Counts just before the kill. */
  static LeasesOut before(LoggedWeb web, CrawlDir dir) throws IOException, InterruptedException {
    int requests = web.asked().size();
    Status status = Status.of(dir, "fetcher");
    long shown = Math.max(0, status.number("inFlight")) + Math.max(0, status.number("outstanding"));
    return new LeasesOut(shown, requests);
  }

  /** Counts when the fetcher is dead; what it sent has arrived once the web hears no more. */
  long atDeath(LoggedWeb web) throws IOException {
    int[] last = {web.asked().size()};
    await()
        .atMost(PATIENCE)
        .pollDelay(SILENCE)
        .pollInterval(SILENCE)
        .until(
            () -> {
              int former = last[0];
              last[0] = web.asked().size();
              return last[0] == former;
            });
    return shown + last[0] - requests;
  }
}
