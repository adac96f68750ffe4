package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.ClosedPort;
import io.sluice.it.web.Names;
import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Failures that are the host's fault hold the host and do not count against its URLs. */
class HoldsTest {

  private static final int HOSTS = 2;
  private static final int PAGES = 150;
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private final Map<String, String> settings = new HashMap<>();
  private CrawlYaml yaml;

  @BeforeEach
  void configure() {
    yaml = CrawlYaml.in(dir);
  }

  @Test
  void aNameServerThatFailsOnceAtEachQuestionCostsNoUrl() throws Exception {
    Map<String, AtomicInteger> questions = new ConcurrentHashMap<>();
    Names failingAtFirst =
        name ->
            count(questions, name) <= 2 // one question each for IPv4 and IPv6
                ? Names.failure()
                : ScriptedWeb.known(name, InetAddress.getLoopbackAddress());
    try (ScriptedWeb web = web(failingAtFirst, ScriptedWeb::absent, HoldsTest::page)) {
      crawlToItsEnd(web, 0);
      eachPageFetchedOnceAndUncharged(web);
    }
  }

  @Test
  void robotsFilesThatFailForAWhileCostNoUrl() throws Exception {
    Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    ScriptedWeb.Script robots =
        talk -> talk.head(count(requests, talk.host()) <= 3 ? 503 : 404, "text/plain", 0);
    try (ScriptedWeb web = ScriptedWeb.start(robots, HoldsTest::page)) {
      crawlToItsEnd(web, 0);
      eachPageFetchedOnceAndUncharged(web);
    }
  }

  @Test
  void aServerThatIsOverloadedForAWhileCostsNoUrl() throws Exception {
    Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    ScriptedWeb.Script overloadedInTheMidst =
        talk -> {
          int request = count(requests, talk.host());
          if (request > 50 && request <= 55) {
            talk.head(503, "text/plain", 0);
          } else {
            page(talk);
          }
        };
    try (ScriptedWeb web = ScriptedWeb.start(overloadedInTheMidst)) {
      crawlToItsEnd(web, 0);
      assertThat(yaml.crawlDir().crawlLog())
          .hasSize(HOSTS * PAGES)
          .allSatisfy(line -> assertThat(line.number("status")).isEqualTo(200))
          .filteredOn(line -> line.number("attempts") > 1)
          .as(
              "charged: the first of each host and its retry, before it was known to be the host's"
                  + " trouble")
          .hasSizeLessThanOrEqualTo(HOSTS)
          .allSatisfy(line -> assertThat(line.number("attempts")).isBetween(2L, 3L));
    }
  }

  @Test
  void aUrlThatAloneFailsDoesNotTakeItsHostWithIt() throws Exception {
    ScriptedWeb.Script script =
        talk -> {
          if (talk.path().equals("/p7")) {
            talk.head(500, "text/plain", 0);
          } else {
            page(talk);
          }
        };
    settings.putAll(Map.of("SLUICE_FETCHER_ATTEMPTS", "2", "SLUICE_FETCHER_RETRY_DELAY", "1s"));
    try (ScriptedWeb web = ScriptedWeb.start(script)) {
      crawlToItsEnd(web, 0);
      assertThat(yaml.crawlDir().crawlLog()).hasSize(HOSTS * PAGES);
      assertThat(yaml.crawlDir().crawlLog())
          .filteredOn(line -> line.number("status") == 500)
          .hasSize(HOSTS)
          .allSatisfy(line -> assertThat(line.url()).endsWith("/p7"))
          .allSatisfy(line -> assertThat(line.number("attempts")).isEqualTo(2));
    }
  }

  /** Answers every path of a host with a page. */
  private static void page(Talk talk) throws IOException {
    talk.links(List.of());
  }

  @Test
  void aCrawlWhoseOnlyHostIsDeadEndsAfterFirstPatience() throws Exception {
    settings.put("SLUICE_POLITENESS_FIRST_PATIENCE", "5s");
    try (ScriptedWeb names = ScriptedWeb.start(HoldsTest::page);
        ClosedPort dead = new ClosedPort()) {
      String url = "http://dead.test:" + dead.number() + "/p";
      IntStream.range(1, 20).forEach(page -> yaml.seed(url + page));
      String said = crawl(yaml.write(url + 0, "test", dead.number(), names.nameServer(), ""), 4);
      assertThat(said)
          .as("while it waits it says how long, and which key shortens that")
          .contains("politeness.first-patience");
      assertThat(yaml.crawlDir().givenUpHosts())
          .singleElement()
          .satisfies(line -> assertThat(line.text("host")).isEqualTo("dead.test"))
          .satisfies(line -> assertThat(line.text("reason")).isEqualTo("connect-refused"))
          .satisfies(line -> assertThat(line.number("urls")).isEqualTo(20));
      assertThat(yaml.crawlDir().crawlLog()).as("no URL is charged").isEmpty();
    }
  }

  @Test
  void aHostSpelledWithTheRootsDotIsNoOtherHost() throws Exception {
    ScriptedWeb.Script dotted =
        talk -> {
          String peer = talk.peer(talk.host(), "/p1");
          talk.links(List.of("/p1", peer.replace(".test:", ".test.:")));
        };
    try (ScriptedWeb web = ScriptedWeb.start(dotted)) {
      crawl(yaml.write(web.url("h0", "/p0"), "test", web.port(), web.nameServer(), ""), 0);
      assertThat(web.asked()).isEqualTo(Map.of(web.url("h0", "/p0"), 1L, web.url("h0", "/p1"), 1L));
    }
  }

  @Test
  void aSeedThatRedirectsTakesTheTargetsDomainIntoScope() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(HoldsTest::moved)) {
      crawl(yaml.write(web.url("old", "/"), "", web.port(), web.nameServer(), ""), 0);
      assertThat(yaml.crawlDir().pages())
          .extracting(Line::url)
          .containsExactlyInAnyOrder(web.url("new", "/"), web.url("new", "/more"));
    }
  }

  @Test
  void aSeedWhoseRedirectLeavesTheScopeIsNamedWithItsTargetAndTheReason() throws Exception {
    settings.put("SLUICE_SCOPE_FOLLOW_SEED_REDIRECTS", "false");
    try (ScriptedWeb web = ScriptedWeb.start(HoldsTest::moved)) {
      Path config = yaml.write(web.url("old", "/"), "", web.port(), web.nameServer(), "");
      assertThat(crawl(config, 4)).contains(web.url("old", "/"), "out-of-domain");
      assertThat(yaml.crawlDir().crawlLog())
          .singleElement()
          .satisfies(line -> assertThat(line.text("target")).isEqualTo(web.url("new", "/")))
          .satisfies(line -> assertThat(line.text("target_refused")).isEqualTo("out-of-domain"));
    }
  }

  /** A site that moved to another registered domain. */
  private static void moved(Talk talk) throws IOException {
    if (talk.host().equals("old")) {
      talk.redirect(talk.peer("new", "/"));
    } else {
      talk.links(List.of("/more"));
    }
  }

  private static ScriptedWeb web(Names names, ScriptedWeb.Script robots, ScriptedWeb.Script script)
      throws IOException {
    return ScriptedWeb.start(InetAddress.getLoopbackAddress(), names, robots, script);
  }

  private static int count(Map<String, AtomicInteger> counters, String name) {
    return counters.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
  }

  private String crawlToItsEnd(ScriptedWeb web, int exit) throws Exception {
    List<String> seeds = seeds(web);
    seeds.stream().skip(1).forEach(yaml::seed);
    return crawl(yaml.write(seeds.getFirst(), "test", web.port(), web.nameServer(), ""), exit);
  }

  private String crawl(Path config, int exit) throws Exception {
    try (SluiceProcess crawl =
        SluiceProcess.start(dir.resolve("out.txt"), settings, "run", config.toString())) {
      assertThat(crawl.exitWithin(PATIENCE)).as(crawl.output()).isEqualTo(exit);
      return crawl.output();
    }
  }

  private static List<String> seeds(ScriptedWeb web) {
    List<String> seeds = new ArrayList<>();
    for (int host = 0; host < HOSTS; host++) {
      String name = "h" + host;
      IntStream.range(0, PAGES).mapToObj(page -> web.url(name, "/p" + page)).forEach(seeds::add);
    }
    return seeds;
  }

  private void eachPageFetchedOnceAndUncharged(ScriptedWeb web) throws IOException {
    assertThat(web.asked().keySet()).containsExactlyInAnyOrderElementsOf(seeds(web));
    assertThat(web.asked().values()).as("requests for each").allMatch(times -> times == 1);
    eachUrlEndedAsAPageUncharged();
  }

  private void eachUrlEndedAsAPageUncharged() throws IOException {
    assertThat(yaml.crawlDir().crawlLog())
        .hasSize(HOSTS * PAGES)
        .allSatisfy(line -> assertThat(line.text("outcome")).isEqualTo("page"))
        .allSatisfy(line -> assertThat(line.number("attempts")).isEqualTo(1));
  }
}
