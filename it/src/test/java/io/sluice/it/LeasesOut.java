package io.sluice.it;

import static org.awaitility.Awaitility.await;

import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * How many leases are out when a fetcher is killed, counted from outside, by its metrics before and
 * what the web sees of it until it is dead: more are not out then. Immutable.
 *
 * @param shown leases that its metrics show; none of a fetcher that is not up
 * @param requests what the web had been asked for just before they were read
 */
record LeasesOut(long shown, int requests) {

  /** For so long nothing comes from a process that is dead. */
  private static final Duration SILENCE = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Counts just before the kill. */
  static LeasesOut before(LoggedWeb web, CrawlDir dir) throws IOException, InterruptedException {
    int requests = web.asked().size();
    // Twice: a lease may go from the one number to the other while they are read.
    return new LeasesOut(Math.max(shown(dir), shown(dir)), requests);
  }

  private static long shown(CrawlDir dir) throws IOException, InterruptedException {
    if (!dir.isUp("fetcher")) {
      return 0;
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      Metrics metrics = Metrics.read(http, dir.adminPort("fetcher"));
      double out =
          metrics.value("sluice_fetches_in_flight") + metrics.value("sluice_outstanding_pages");
      return Double.isNaN(out) ? 0 : (long) out; // it is starting
    } catch (ConnectException e) {
      return 0; // what a killed process left
    }
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
