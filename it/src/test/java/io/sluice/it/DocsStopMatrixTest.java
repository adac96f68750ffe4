package io.sluice.it;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The nightly stop matrix: 300 stops and 300 kills of crawls of real documentation. */
@Tag("nightly")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Alone
class DocsStopMatrixTest {

  private static final int HOSTS = 2;
  private static final int CELLS = 300;

  /**
   * Random cells stop a crawl within this number of requests, which is slightly below the number of
   * pages.
   */
  private static final int REQUESTS = 800;

  private final StopMatrix matrix = new StopMatrix();
  private DocsSite site;

  @BeforeAll
  void serve() throws Exception {
    DocsSite.assumeAvailable("DocsStopMatrixTest");
    site = DocsSite.start(HOSTS);
  }

  static Stream<StopCell> terms() {
    return StopMatrix.terms(CELLS, REQUESTS);
  }

  static Stream<StopCell> kills() {
    return StopMatrix.kills(CELLS, REQUESTS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("terms")
  void aCrawlThatIsAskedToStopLosesNothingAndRepeatsNothing(
      StopCell cell, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path dir) throws Exception {
    matrix.skipIfLate(cell);
    matrix.judge(cell, site.visit(), dir);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kills")
  void aCrawlThatIsKilledLosesNothingAndStoresEachPageOnce(
      StopCell cell, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path dir) throws Exception {
    matrix.skipIfLate(cell);
    matrix.judge(cell, site.visit(), dir);
  }

  @AfterAll
  void stopServing() throws Exception {
    if (site != null) {
      site.close();
      matrix.printTheTable("DocsStopMatrixTest");
    }
  }
}
