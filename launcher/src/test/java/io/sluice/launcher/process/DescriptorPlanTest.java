package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.TestConfig;
import io.sluice.launcher.process.DescriptorPlan.Verdict;
import io.sluice.launcher.process.DescriptorPlan.Verdict.Fits;
import io.sluice.launcher.process.DescriptorPlan.Verdict.TooFew;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DescriptorPlanTest {

  /** Number of files on the class path, which stay open. */
  private static final int LIBRARIES = 53;

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "1048576, 256, 256, 20, 64",
    "4096,    256, 256, 20, 64",
    "1024,    256, 256, 20, 64",
    "512,     188, 66,  20, 20",
    "256,     38,  15,  10, 11",
    "192,     5,   5,   4,  8",
  })
  void aFetcherSharesWhatItsLimitLeaves(
      int limit, int connections, int lookUps, int poolMax, int openFiles) throws IOException {
    SluiceConfig fit = fits(DescriptorPlan.fetcher(config(""), limit, LIBRARIES)).config();
    assertThat(
            List.of(
                fit.fetcher().connections(),
                fit.fetcher().dns().lookUps(),
                fit.redis().pool().max(),
                fit.frontier().openFiles()))
        .containsExactly(connections, lookUps, poolMax, openFiles);
  }

  @Test
  void whatIsLoweredIsSaidWithFromAndTo() throws IOException {
    Fits fits = fits(DescriptorPlan.fetcher(config(""), 256, LIBRARIES));
    assertThat(fits.lowered())
        .containsExactly(
            "fetcher.connections 256 -> 38",
            "fetcher.dns.look-ups 256 -> 15",
            "redis.pool.max 20 -> 10",
            "frontier.open-files 64 -> 11");
  }

  @Test
  void nothingIsSaidWhereEverythingFits() throws IOException {
    SluiceConfig wanted = config("");
    Fits fits = fits(DescriptorPlan.fetcher(wanted, 4096, LIBRARIES));
    assertThat(fits.lowered()).isEmpty();
    assertThat(fits.config()).isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16, 64, 256})
  void whatIsMissingForTheLeastIsExact(int shards) throws IOException {
    SluiceConfig wanted = config("frontier: { shards: %d }".formatted(shards));
    Verdict none = DescriptorPlan.fetcher(wanted, 1, LIBRARIES);
    assertThat(none).isInstanceOf(TooFew.class);
    int needed = ((TooFew) none).needed();
    assertThat(DescriptorPlan.fetcher(wanted, needed - 1, LIBRARIES)).isEqualTo(none);
    fits(DescriptorPlan.fetcher(wanted, needed, LIBRARIES));
  }

  @Test
  void aSmallConfigIsNotRaised() throws IOException {
    SluiceConfig wanted = config("fetcher: { connections: 1, dns: { look-ups: 4 } }");
    assertThat(fits(DescriptorPlan.fetcher(wanted, 4096, LIBRARIES)).config()).isEqualTo(wanted);
  }

  @Test
  void aParserHasFewerThreadsBeforeItHasTooFewDescriptors() throws IOException {
    SluiceConfig wanted = config("parser: { threads: 64 }");
    Fits fits = fits(DescriptorPlan.parser(wanted, 256, LIBRARIES));
    assertThat(fits.config().parser().threads()).isBetween(8, 40);
    assertThat(DescriptorPlan.parser(wanted, 100, LIBRARIES)).isInstanceOf(TooFew.class);
  }

  @Test
  void aSupervisorNeedsSomeForEachChild() throws IOException {
    SluiceConfig few = config("parser: { processes: 2 }");
    SluiceConfig many = config("parser: { processes: 100 }");
    assertThat(DescriptorPlan.supervisor(few, 256, LIBRARIES)).isEqualTo(new Fits(few, List.of()));
    assertThat(DescriptorPlan.supervisor(many, 256, LIBRARIES)).isInstanceOf(TooFew.class);
  }

  private static Fits fits(Verdict verdict) {
    assertThat(verdict).isInstanceOf(Fits.class);
    return (Fits) verdict;
  }

  private SluiceConfig config(String section) throws IOException {
    return TestConfig.with(dir, section);
  }
}
