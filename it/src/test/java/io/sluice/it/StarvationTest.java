package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.Names;
import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Responsive hosts are crawled while many more hosts do not answer: the latter may occupy
 * connections and lookups for a long time, but only at each other's expense. This is judged by the
 * order of requests, not by their rate.
 */
class StarvationTest {

  private static final int FAST = 20;
  private static final int PAGES = 10;
  private static final int DEAD = 200;

  /** The value of {@code fetcher.connections}; there are twelve times as many dead hosts. */
  private static final int CONNECTIONS = 16;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private final Set<String> deadAsked = ConcurrentHashMap.newKeySet();
  private final Set<String> pagesAsked = ConcurrentHashMap.newKeySet();

  @ParameterizedTest
  @ValueSource(strings = {"silent", "nameless"})
  void hostsThatAnswerAreCrawledToTheirEndBesideManyThatDoNot(String dead) throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Names names = name -> name(name, loopback);
    try (ScriptedWeb web = ScriptedWeb.start(loopback, names, this::robots, this::page)) {
      IntStream.range(1, FAST).forEach(i -> yaml.seed(web.url("fast" + i, "/0")));
      IntStream.range(0, DEAD).forEach(i -> yaml.seed(web.url(dead + i, "/")));
      Path config = yaml.write(web.url("fast0", "/0"), "test", web.port(), web.nameServer(), "");
      Map<String, String> settings =
          Map.of(
              "SLUICE_FETCHER_CONNECTIONS", String.valueOf(CONNECTIONS),
              "SLUICE_FETCHER_TIMEOUTS_FIRST_BYTE", "5s",
              "SLUICE_FETCHER_TIMEOUTS_DNS", "5s");
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), settings, "run", config.toString())) {
        crawl.awaitRunning(() -> pagesAsked.size() == FAST * PAGES);
        assertThat(deadAsked).as("dead hosts that had their turn before").hasSizeLessThan(DEAD / 2);
      }
    }
  }

  /**
   * Before its first visit, a host that will answer cannot be distinguished from one that will not.
   * With five seconds for each first visit and fourteen visits at a time, the last host would be
   * visited after two minutes; hosts that send slowly would take twelve times as long.
   */
  @Test
  void hostsBehindManyThatDoNotAnswerAreReachedInTime() throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir).delay("10ms");
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Names names = name -> name(name, loopback);
    try (ScriptedWeb web = ScriptedWeb.start(loopback, names, this::robots, this::page)) {
      IntStream.range(1, 2 * DEAD)
          .forEach(i -> yaml.seed(web.url((i % 2 == 0 ? "silent" : "drip") + i, "/")));
      IntStream.range(0, FAST).forEach(i -> yaml.seed(web.url("fast" + i, "/0")));
      Path config = yaml.write(web.url("silent0", "/"), "test", web.port(), web.nameServer(), "");
      Map<String, String> settings =
          Map.of(
              "SLUICE_FETCHER_CONNECTIONS",
              String.valueOf(CONNECTIONS),
              "SLUICE_FETCHER_TIMEOUTS_FIRST_VISIT",
              "5s");
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), settings, "run", config.toString())) {
        crawl.awaitRunning(() -> pagesAsked.size() == FAST * PAGES);
        assertThat(deadAsked).as("dead hosts that had their turn").hasSizeGreaterThan(DEAD);
      }
    }
  }

  private Names.Answer name(String name, InetAddress loopback) {
    if (name.startsWith("nameless")) {
      deadAsked.add(name);
      return Names.silence();
    }
    return ScriptedWeb.known(name, loopback);
  }

  private void robots(Talk talk) throws IOException, InterruptedException {
    if (talk.host().startsWith("silent")) {
      deadAsked.add(talk.host());
      talk.pause(60_000);
    } else if (talk.host().startsWith("drip")) {
      deadAsked.add(talk.host());
      talk.head(200, "text/plain", 600);
      talk.body(600, 1, 200);
    } else {
      ScriptedWeb.absent(talk);
    }
  }

  private void page(Talk talk) throws IOException {
    pagesAsked.add(talk.host() + talk.path());
    talk.links(
        IntStream.range(0, PAGES).mapToObj(page -> talk.peer(talk.host(), "/" + page)).toList());
  }
}
