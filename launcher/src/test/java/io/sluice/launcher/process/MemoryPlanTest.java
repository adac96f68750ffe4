package io.sluice.launcher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.TestConfig;
import io.sluice.launcher.process.MemoryPlan.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryPlanTest {

  private static final long MIB = 1 << 20;

  @TempDir Path dir;

  @Test
  void theDefaultsFitTheirHeapsAndNothingIsLowered() throws Exception {
    SluiceConfig wanted = config("");
    MemoryLimit fetcher = MemoryLimit.ofFetcher(wanted, wanted.fetcher().heapBytes());
    assertThat(fetcher.lowered()).isEmpty();
    assertThat(fetcher.config().fetcher().bodyBytes()).as("auto").isBetween(64 * MIB, 96 * MIB);
    MemoryLimit parser = MemoryLimit.ofParser(wanted, wanted.parser().heapBytes());
    assertThat(parser.lowered()).isEmpty();
    assertThat(parser.config()).isEqualTo(wanted);
  }

  @Test
  void theLeastHeapHoldsTheDefaultBodiesWithTheRestLowered() throws Exception {
    SluiceConfig wanted = config("fetcher: { heap: 64 MiB, connections: 2000 }");
    MemoryLimit fit = MemoryLimit.ofFetcher(wanted, 64 * MIB);
    assertThat(fit.line())
        .startsWith("fetcher.heap=64 MiB lowers fetcher.connections 2000 -> ")
        .contains("frontier.queue-memory 64 MiB -> ", "frontier.outstanding-bytes 64 MiB -> ")
        .endsWith("; raise it to use the configured values");
    int connections = fit.config().fetcher().connections();
    assertThat(connections).isBetween(4, 500);
    assertThat(fit.config().fetcher().troubledConnections())
        .as("of these, as many in proportion as before")
        .isEqualTo(Math.max(1, connections / 8));
    assertThat(fit.config().fetcher().bodyBytes()).isGreaterThanOrEqualTo(20 * MIB);
  }

  @ParameterizedTest
  @CsvSource({"64 MiB, 12 MiB", "64 MiB, 256 MiB", "384 MiB, 200 MiB"})
  void bodiesThatFitNoWayAreRefusedWithWhatIsNeeded(String heap, String maxBody) throws Exception {
    SluiceConfig wanted = config("fetcher: { heap: %s, max-body: %s }".formatted(heap, maxBody));
    long heapBytes = wanted.fetcher().heapBytes();
    assertThatThrownBy(() -> MemoryLimit.ofFetcher(wanted, heapBytes))
        .isInstanceOf(CannotStart.class)
        .hasMessageMatching(
            "fetcher.heap=%s: too small for fetcher.max-body=%s of crawl crawl, which needs \\d+ MiB; raise it or lower fetcher.max-body"
                .formatted(heap, maxBody));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10 MiB", "64 MiB", "256 MiB"})
  void whatIsSaidToBeNeededIsEnoughAndNoLess(String maxBody) throws Exception {
    SluiceConfig wanted = config("fetcher: { max-body: %s }".formatted(maxBody));
    Verdict none = FetcherMemory.plan(wanted, MIB);
    assertThat(none).isInstanceOf(Verdict.TooLittle.class);
    long needed = ((Verdict.TooLittle) none).neededBytes();
    assertThat(FetcherMemory.plan(wanted, needed)).isInstanceOf(Verdict.Fits.class);
    assertThat(FetcherMemory.plan(wanted, needed - MIB)).isEqualTo(none);
    Verdict parser = ParserMemory.plan(wanted, MIB);
    long parserNeeds = ((Verdict.TooLittle) parser).neededBytes();
    assertThat(ParserMemory.plan(wanted, parserNeeds)).isInstanceOf(Verdict.Fits.class);
    assertThat(ParserMemory.plan(wanted, parserNeeds - MIB)).isEqualTo(parser);
  }

  @Test
  void bodyMemoryBelowTheLargestBodyIsRaisedToIt() throws Exception {
    SluiceConfig wanted = config("fetcher: { body-memory: 1 MiB }");
    SluiceConfig fit = MemoryLimit.ofFetcher(wanted, 384 * MIB).config();
    assertThat(fit.fetcher().bodyBytes()).isEqualTo(20 * MIB);
  }

  @Test
  void aParserHasFewerThreadsBeforeItCutsPagesShorter() throws Exception {
    SluiceConfig wanted = config("parser: { threads: 8 }");
    assertThat(MemoryLimit.ofParser(wanted, 512 * MIB).line())
        .startsWith("parser.heap=512 MiB lowers parser.threads 8 -> ")
        .doesNotContain("max-inflated");
    assertThat(MemoryLimit.ofParser(wanted, 64 * MIB).line())
        .contains("parser.threads 8 -> 1", "parser.max-inflated 20 MiB -> ");
  }

  @Test
  void aParserTooSmallForABatchIsRefused() throws Exception {
    SluiceConfig wanted = config("fetcher: { max-body: 64 MiB }");
    assertThatThrownBy(() -> MemoryLimit.ofParser(wanted, 64 * MIB))
        .hasMessageContaining("parser.heap=64 MiB: too small for fetcher.max-body=64 MiB")
        .hasMessageContaining("raise it or lower");
  }

  private SluiceConfig config(String section) throws IOException {
    return TestConfig.with(dir, section);
  }
}
