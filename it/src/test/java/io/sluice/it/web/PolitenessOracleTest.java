package io.sluice.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that the oracle does detect early requests. */
class PolitenessOracleTest {

  @TempDir Path dir;
  private final PolitenessOracle oracle = new PolitenessOracle("127.0.0.1:1");

  @Test
  void twoHostsOfADomainOnOneAddressAreJudgedByAllThreeClocks() throws Exception {
    ask("a.one.test", null);
    ask("a.one.test:8080", null);
    ask("b.one.test", null);
    ask("a.two.test", null);
    assertThat(early("delay: 1s")).isEqualTo(Map.of("host", 1));
    assertThat(early("domain-delay: 1s")).isEqualTo(Map.of("domain", 2));
    assertThat(early("address-delay: 1s")).isEqualTo(Map.of("address", 3));
    assertThat(early("delay: 0s")).isEmpty();
  }

  @Test
  void aDelayThatPassedIsNotHeldAgainstACrawl() throws Exception {
    ask("a.test", null);
    Deadline.in(Duration.ofSeconds(5)).pause(Duration.ofMillis(20));
    ask("a.test", null);
    assertThat(early("delay: 15ms")).isEmpty();
  }

  @Test
  void aRetryAfterIsJudgedWhateverTheDelay() throws Exception {
    ask("a.test", Duration.ofSeconds(5));
    ask("a.test", null);
    ask("b.test", null);
    assertThat(early("delay: 0s")).isEqualTo(Map.of("retry-after", 1));
  }

  private void ask(String host, @Nullable Duration retryAfter) {
    PolitenessOracle.Ask ask = oracle.asked(InetAddress.getLoopbackAddress());
    ask.to(host);
    ask.answers(retryAfter);
  }

  private Map<String, Integer> early(String politeness) throws IOException {
    Map<String, Integer> early = new TreeMap<>();
    oracle
        .judge(config(politeness))
        .forEach(
            (clock, verdict) -> {
              if (!verdict.early().isEmpty()) {
                early.put(clock, verdict.early().size());
              }
            });
    return early;
  }

  private SluiceConfig config(String politeness) throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("crawl.yaml"),
            """
            crawl:
              name: it
              dir: %s
              seeds: ["http://a.test/"]
              user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
            politeness:
              connections-per-host: 1
              %s
            """
                .formatted(
                    dir.resolve("crawl"),
                    politeness.startsWith("delay") ? politeness : "delay: 0s\n  " + politeness));
    return Objects.requireNonNull(
        ConfigLoader.load(file, Map.of(), 2) instanceof LoadResult.Loaded(var loaded)
            ? loaded
            : null);
  }
}
