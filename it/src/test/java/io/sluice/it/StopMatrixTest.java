package io.sluice.it;

import io.sluice.it.web.GeneratedWeb;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stop matrix: 30 crawls are asked to stop and 30 are killed, each at a different point of the
 * handover or at a random time. Each is then run to its end and compared with the log of the
 * crawled server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone
class StopMatrixTest {

  private static final int HOSTS = 3;
  private static final int PAGES_PER_HOST = 40;
  private static final int CELLS = 30;

  /**
   * Approximate number of requests in a whole crawl of the web: every page and most of the other
   * URLs. A random cell stops the crawl after at most this many requests.
   */
  private static final int REQUESTS = 200;

  private final StopMatrix matrix = new StopMatrix();

  /**
   * SIGTERM: nothing is lost, nothing is requested twice, nothing is left open, and the crawl exits
   * with 0 in time.
   */
  static Stream<StopCell> terms() {
    return StopMatrix.terms(CELLS, REQUESTS);
  }

  /**
   * SIGKILL: nothing is lost, nothing is stored twice, and only leased URLs are requested again.
   */
  static Stream<StopCell> kills() {
    return StopMatrix.kills(CELLS, REQUESTS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("terms")
  void aCrawlThatIsAskedToStopLosesNothingAndRepeatsNothing(
      StopCell cell, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path dir) throws Exception {
    judge(cell, dir);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kills")
  void aCrawlThatIsKilledLosesNothingAndStoresEachPageOnce(
      StopCell cell, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path dir) throws Exception {
    judge(cell, dir);
  }

  private void judge(StopCell cell, Path dir) throws Exception {
    matrix.skipIfLate(cell);
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST)) {
      matrix.judge(cell, web, dir);
    }
  }

  @AfterAll
  void printTheTable() {
    matrix.printTheTable("StopMatrixTest");
  }
}
