package io.sluice.frontier.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.testing.TestLedger;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.inspect.Explanation.Fate;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every tool distinguishes URLs in progress from URLs given up or set aside, and reports the
 * reason.
 */
class RestingTest {

  @TempDir Path dir;
  private final TestConfig config = new TestConfig();
  private final TestLedger ledger = new TestLedger();

  /**
   * Three hosts of three URLs each: a.test is healthy, b.test is given up, and c.test has a URL set
   * aside.
   */
  @BeforeEach
  void aCrawlWithAHostGivenUpAndAUrlSetAside() throws Exception {
    config.patience = new PolitenessSettings.Patience(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    config.domains = List.of("a.test", "b.test", "c.test");
    try (CrawlInTest crawl = new CrawlInTest(config, dir, ledger)) {
      for (String host : List.of("a.test", "b.test", "c.test")) {
        crawl.offerPages(host, 3);
      }
      crawl.start();
      for (int host = 0; host < 3; host++) {
        Lease lease = crawl.lease();
        switch (lease.url().host()) {
          case "a.test" -> crawl.redirect(lease, "http://elsewhere.test/");
          case "b.test" -> crawl.trouble(lease, Finding.DNS_SILENCE, Reason.DNS_TIMEOUT);
          default -> crawl.setAside(lease, Reason.ADDRESS_FORBIDDEN);
        }
      }
    }
  }

  @Test
  void sumsTellThemApart() throws IOException {
    try (ShardView shard = view().shard(0)) {
      ShardStats stats = shard.stats();
      assertThat(stats.queuedInAll() + stats.leases()).isEqualTo(4);
      assertThat(stats.setAside()).isEqualTo(1);
      assertThat(stats.givenUp()).isEqualTo(3);
      assertThat(stats.givenUpHosts()).isEqualTo(Map.of("dns-timeout", 1));
      assertThat(stats.heldHosts()).isEmpty();
      assertThat(stats.hosts()).isEqualTo(3);
    }
  }

  @Test
  void eachIsExportedApartWithItsReason() throws IOException {
    StringWriter queued = new StringWriter();
    new Export(view(), queued, false).queued();
    assertThat(queued.toString().lines())
        .hasSize(4)
        .noneMatch(line -> line.contains("b.test") || line.contains("c.test/0"));
    StringWriter givenUp = new StringWriter();
    new Export(view(), givenUp, false).givenUp();
    assertThat(givenUp.toString().lines())
        .hasSize(3)
        .allMatch(line -> line.startsWith("http://b.test/"))
        .allMatch(line -> line.endsWith("\treason=dns-timeout"));
    StringWriter setAside = new StringWriter();
    new Export(view(), setAside, false).setAside();
    assertThat(setAside.toString())
        .isEqualTo("http://c.test/0\tdepth=0\tattempts=0\treason=address-forbidden\n");
  }

  @Test
  void anExplanationSaysThatAUrlRestsAndWhy() throws IOException {
    assertThat(explain("http://b.test/2").host())
        .extracting(HostFacts::state)
        .isInstanceOfSatisfying(
            GivenUp.class, state -> assertThat(state.reason()).isEqualTo("dns-timeout"));
    assertThat(explain("http://c.test/0").fate())
        .isInstanceOfSatisfying(
            Fate.SetAside.class,
            aside -> assertThat(aside.url().reason()).isEqualTo("address-forbidden"));
  }

  @Test
  void anExplanationSaysWhereARedirectLedAndWhyItsTargetWasRefused() throws IOException {
    assertThat(explain("http://a.test/0").fate())
        .isInstanceOfSatisfying(
            Fate.Done.class,
            done -> {
              var target = Objects.requireNonNull(done.line().end().target());
              assertThat(target.href()).isEqualTo("http://elsewhere.test/");
              assertThat(target.refused()).isEqualTo("out-of-domain");
            });
  }

  @Test
  void onlyWhatWaitsNowhereHasEnded() throws IOException {
    EndedUrls ended = new EndedUrls(view(), config.build());
    List<String> waiting = List.of("http://a.test/1", "http://b.test/0", "http://c.test/0");
    List<String> others = List.of("http://a.test/0", "http://a.test/never-seen");
    waiting.forEach(href -> ended.add(seed(href)));
    others.forEach(href -> ended.add(seed(href)));
    ended.lookUp();
    assertThat(waiting).noneMatch(href -> ended.contains(seed(href)));
    assertThat(others).allMatch(href -> ended.contains(seed(href)));
    assertThat(ended.contains(seed("http://a.test/never-added"))).isFalse();
  }

  @Test
  void aVerdictKnowsPortsBudgetsAndTheDomainsOfRedirects() {
    config.ports = List.of(80);
    config.maxPagesPerHost = 5;
    config.domains = List.of();
    assertThat(verdict("http://a.test:8080/", List.of("a.test"), 0)).isEqualTo("port-forbidden");
    assertThat(verdict("http://a.test/", List.of("a.test"), 5)).isEqualTo("host-budget");
    assertThat(verdict("http://a.test/", List.of(), 0)).isEqualTo("out-of-domain");
    assertThat(verdict("http://a.test/", List.of("a.test"), 4)).isEmpty();
  }

  private String verdict(String href, List<String> admitted, long pages) {
    return ScopeVerdict.of(TestConfig.url(href), 0, config.build(), admitted, pages).word();
  }

  private static Offer seed(String href) {
    return Offer.seed(TestConfig.url(href));
  }

  private Explanation explain(String href) throws IOException {
    return Explain.url(view(), TestConfig.url(href));
  }

  private FrontierView view() throws IOException {
    return FrontierView.of(dir, ledger);
  }
}
