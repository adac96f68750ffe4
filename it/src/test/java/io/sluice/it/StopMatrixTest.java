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
 * The stop matrix: 30 crawls that are asked to stop and 30 that are killed, each at another point
 * of the hand-over or at a random time, each run again to its end and held against the log of the
 * server that was crawled.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone
class StopMatrixTest {

  private static final int HOSTS = 3;
  private static final int PAGES_PER_HOST = 40;
  private static final int CELLS = 30;

  /** Requests of a whole crawl of the web; all pages, most of the rest. */
  private static final int REQUESTS = 200;

  private final StopMatrix matrix = new StopMatrix();

  /** SIGTERM: nothing lost, nothing asked twice, exit 0, nothing left open, in time. */
  static Stream<StopCell> terms() {
    return StopMatrix.terms(CELLS, REQUESTS);
  }

  /** SIGKILL: nothing lost, nothing stored twice; only what was out is asked again. */
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
