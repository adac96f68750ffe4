package io.sluice.it;

import static org.awaitility.Awaitility.await;

import io.sluice.it.web.LoggedWeb;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.time.Duration;

/**
 * An upper bound for the leases that are out when a fetcher is killed, counted from outside: from
 * its metrics before the kill, and from the web's requests until the fetcher has ended. Immutable.
 *
 * @param shown number of leases in the fetcher's metrics; 0 if the fetcher is not up
 * @param requests number of requests to the web just before the metrics were read
 */
record LeasesOut(long shown, int requests) {

  /** Time without a request after which a process counts as ended. */
  private static final Duration SILENCE = Duration.ofMillis(100);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Counts just before the kill. */
  static LeasesOut before(LoggedWeb web, CrawlDir dir) throws IOException, InterruptedException {
    int requests = web.asked().size();
    // Read twice, since a lease may move from one number to the other during a reading.
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
      return Double.isNaN(out) ? 0 : (long) out; // the fetcher is starting
    } catch (ConnectException e) {
      return 0; // a killed process left its process file
    }
  }

  /**
   * Counts once the fetcher has ended: all of its requests have arrived when the web receives no
   * more.
   */
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
