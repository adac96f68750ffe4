package io.sluice.parser.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParserNodeTest {

  private static final CrawlIdentity CRAWL = new CrawlIdentity("0123456789abcdef".repeat(2));
  private static final CrawlIdentity OTHER = new CrawlIdentity("f".repeat(32));

  private final TestLedger ledger = new TestLedger();

  @TempDir Path dir;

  @AfterEach
  void nothingStaysOpen() {
    assertThat(ledger.entries()).isEmpty();
  }

  private ParserNode node(String folder, @Nullable CrawlIdentity frontier) throws IOException {
    return node(folder, "", frontier);
  }

  private ParserNode node(String folder, String named, @Nullable CrawlIdentity frontier)
      throws IOException {
    return ParserNode.of(config(folder, named), () -> frontier, ledger);
  }

  private SluiceConfig config(String folder, String named) throws IOException {
    Path file = Files.createTempFile(dir, "crawler", ".yaml");
    Files.writeString(
        file,
        """
        crawl: {name: docs, dir: %s, seeds: ["http://a.test/"], user-agent: "S/1 (+http://a.test/)"}
        parser: {threads: 1%s}
        """
            .formatted(dir.resolve(folder), named));
    return switch (ConfigLoader.load(file, Map.of(), 2)) {
      case LoadResult.Loaded(SluiceConfig config) -> config;
      case LoadResult.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  @Test
  void aNodeIsNamedAfterItsHostAndDigitsThatItsDirectoryKeeps() throws IOException {
    String name = node("one", null).name();
    assertThat(name).matches("[a-z0-9][a-z0-9._-]*-[0-9a-f]{6}").hasSizeLessThan(64);
    assertThat(node("one", null).name()).isEqualTo(name);
    assertThat(node("two", null).name()).isNotEqualTo(name);
    assertThat(node("one", ", node: Rack_7.left", null).name()).isEqualTo("Rack_7.left");
  }

  @Test
  void aCopyOfADirectoryHasTheSameNameAndAnotherHolder() throws Exception {
    ParserNode original = node("original", null);
    String[] copy = {
      "cp", "-a", dir.resolve("original").toString(), dir.resolve("copy").toString()
    };
    assertThat(new ProcessBuilder(copy).start().waitFor()).isZero();
    ParserNode copied = node("copy", null);
    assertThat(copied.name()).isEqualTo(original.name());
    assertThat(copied.clientName()).isNotEqualTo(original.clientName());
    assertThat(node("original", null).clientName())
        .isEqualTo(original.clientName())
        .startsWith("sluice-parser:docs:" + original.name() + ":");
  }

  @Test
  void processesThatAreTheFirstAtOnceAgreeOnTheDigits() throws Exception {
    SluiceConfig config = config("shared", "");
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<String> starts = () -> ParserNode.of(config, () -> null, ledger).name();
      List<Future<String>> names = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        names.add(threads.submit(starts));
      }
      String first = names.getFirst().get();
      for (Future<String> name : names) {
        assertThat(name.get()).isEqualTo(first);
      }
    }
  }

  @Test
  void digitsWhoseMakerDiedBeforeItWroteThemAreMadeAgain() throws IOException {
    Files.createDirectories(dir.resolve("one/parser"));
    Files.createFile(dir.resolve("one/parser/node"));
    String name = node("one", null).name();
    assertThat(name).matches(".*-[0-9a-f]{6}");
    assertThat(node("one", null).name()).isEqualTo(name);
  }

  @Test
  void aDirectoryBelongsToItsFrontiersCrawlElseToTheOneThatItIsBoundTo() throws IOException {
    ParserNode beside = node("beside", CRAWL);
    assertThat(beside.crawl()).isEqualTo(CRAWL);
    beside.bind(CRAWL);
    assertThat(dir.resolve("beside/parser/identity")).doesNotExist();

    ParserNode away = node("away", null);
    assertThat(away.crawl()).isNull();
    away.bind(CRAWL);
    away.bind(OTHER);
    assertThat(away.crawl()).isEqualTo(CRAWL);
    assertThat(node("away", null).crawl()).isEqualTo(CRAWL);
  }

  @Test
  void anIdentityThatIsDamagedIsNamed() throws IOException {
    ParserNode node = node("one", null);
    Files.writeString(dir.resolve("one/parser/identity"), "not one");
    assertThatThrownBy(node::crawl)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("parser/identity: is damaged");
  }
}
