package io.sluice.frontier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Offer;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.url.Domains;
import io.sluice.frontier.journal.DamagedFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A frontier created by another version that had a different public suffix list. */
class SuffixListTest {

  /** A list that makes each host below shop.test a registered domain of its own. */
  private static final byte[] OLDER =
      (new String(Domains.carried(), StandardCharsets.UTF_8) + "\nshop.test\n")
          .getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  @AfterEach
  void goByTheCarriedListAgain() {
    Domains.use(Domains.carried());
    assertThat(ledger.entries()).isEmpty();
  }

  @Test
  void aNewFrontierKeepsTheListOfItsVersion() throws Exception {
    open().close();
    try (GZIPInputStream kept = new GZIPInputStream(Files.newInputStream(file()))) {
      assertThat(kept.readAllBytes()).isEqualTo(Domains.carried());
    }
  }

  @Test
  void afterAnUpgradeEachHostStaysInItsShardAndItsUrlsAreKnown() throws Exception {
    config.shards = 16;
    List<Offer> seeds =
        IntStream.range(0, 200)
            .mapToObj(host -> "http://h%d.shop.test/".formatted(host))
            .map(url -> Offer.seed(TestConfig.url(url)))
            .toList();
    keep(OLDER);
    List<Integer> shards;
    try (Frontier frontier = open()) {
      assertThat(offered(frontier, seeds).accepted()).isEqualTo(200);
      shards = shards(seeds);
    }
    assertThat(shards.stream().distinct()).hasSize(16);

    Domains.use(Domains.carried()); // as a process of the newer version does at its start
    assertThat(shards(seeds)).as("to the tools").isEqualTo(shards);
    Domains.use(Domains.carried());
    try (Frontier frontier = open()) {
      assertThat(offered(frontier, seeds).seen()).isEqualTo(200);
    }
  }

  @Test
  void aListThatIsDamagedOrNoneIsRefused() throws Exception {
    open().close();
    byte[] whole = Files.readAllBytes(file());
    whole[whole.length / 2] ^= 1;
    Files.write(file(), whole);
    assertThatThrownBy(this::open)
        .isInstanceOf(DamagedFileException.class)
        .hasMessageStartingWith(file().toString())
        .hasMessageContaining("delete it");

    keep("com\norg\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(this::open).isInstanceOf(DamagedFileException.class);

    Files.delete(file());
    open().close();
    assertThat(file()).exists();
  }

  private List<Integer> shards(List<Offer> offers) throws IOException {
    FrontierView view = FrontierView.of(dir, ledger);
    return offers.stream().map(offer -> view.shardOf(offer.url().host())).toList();
  }

  private void keep(byte[] list) throws IOException {
    Files.createDirectories(dir.resolve("frontier"));
    try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(file()))) {
      gzip.write(list);
    }
  }

  private Path file() {
    return dir.resolve("frontier").resolve("suffixes.gz");
  }

  private static OfferCounts offered(Frontier frontier, List<Offer> offers) throws Exception {
    return frontier.offer(offers).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Frontier open() throws IOException {
    return Frontier.open(config.build(), dir, ledger, new SimpleMeterRegistry());
  }
}
