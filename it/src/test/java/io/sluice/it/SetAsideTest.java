package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Queued URLs that a run's settings refuse are kept until a run's settings accept them. */
class SetAsideTest {

  private static final int PAGES = 180;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NO_LIMIT = "{ domains: [test] }";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void wrongSettingsOfOneRunCostNoUrlOfTheQueue() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(SetAsideTest::page)) {
      String right = "{ allow: [\"127.0.0.0/8\"], ports: [%d] }".formatted(web.port());
      try (SluiceProcess first = run("first", web, NO_LIMIT, right)) {
        await().atMost(PATIENCE).until(() -> web.asked().size() > 30);
        first.terminate();
        assertThat(first.exitWithin(PATIENCE)).as(first.output()).isZero();
      }
      int before = web.asked().size();
      assertThat(before).as("stopped in mid-crawl").isLessThan(PAGES);

      refused(web, NO_LIMIT, "{ allow: [\"127.0.0.0/8\"], ports: [1] }", "port-forbidden");
      refused(
          web,
          NO_LIMIT,
          "{ allow: [\"10.0.0.0/8\"], ports: [%d] }".formatted(web.port()),
          "address-forbidden");
      refused(web, "{ domains: [test], exclude: [\"/p\"] }", right, "excluded");
      refused(web, "{ domains: [test], max-pages-per-host: 1 }", right, "host-budget");
      assertThat(web.asked()).as("asked for by the runs that refused all").hasSize(before);

      try (SluiceProcess last = run("last", web, NO_LIMIT, right)) {
        assertThat(last.exitWithin(PATIENCE)).as(last.output()).isZero();
      }
      assertThat(web.asked()).containsOnlyKeys(urls(web));
      assertThat(web.asked().values()).as("requests for each").allMatch(times -> times == 1);
      CrawlDir crawl = new CrawlDir(dir.resolve("crawl"));
      assertThat(crawl.pages()).extracting(Line::url).containsExactlyInAnyOrder(urls(web));
      Expectations.nothingLeftOpen(crawl);
    }
  }

  /**
   * Checks that a run that refuses all queued URLs ends, loses nothing, and reports what it refused
   * and why.
   */
  private void refused(ScriptedWeb web, String scope, String addresses, String reason)
      throws Exception {
    try (SluiceProcess run = run(reason, web, scope, addresses)) {
      assertThat(run.exitWithin(PATIENCE)).as(run.output()).isZero();
      assertThat(run.output()).contains("Set aside").contains(reason);
    }
  }

  /** Puts all pages but the seed on another host, since a seed's own host is allowed in any run. */
  private static void page(Talk talk) throws IOException {
    IntStream links = IntStream.range(1, talk.path().equals("/p0") ? PAGES : 1);
    talk.links(links.mapToObj(page -> talk.peer("h1", "/p" + page)).toList());
  }

  private static String[] urls(ScriptedWeb web) {
    List<String> urls = new ArrayList<>(List.of(web.url("h0", "/p0")));
    IntStream.range(1, PAGES).forEach(page -> urls.add(web.url("h1", "/p" + page)));
    return urls.toArray(String[]::new);
  }

  private SluiceProcess run(String name, ScriptedWeb web, String scope, String addresses)
      throws IOException {
    String yaml =
        """
        crawl:
          name: it
          dir: %s
          seeds: ["%s"]
          user-agent: "SluiceTest/1.0 (+mailto:tests@sluice.test)"
        scope: %s
        politeness: { delay: 20ms }
        fetcher: { addresses: %s, dns: { servers: ["%s"] } }
        admin: { port: 0 }
        """
            .formatted(
                dir.resolve("crawl"), web.url("h0", "/p0"), scope, addresses, web.nameServer());
    Path config = Files.writeString(dir.resolve(name + ".yaml"), yaml);
    return SluiceProcess.start(dir.resolve(name + ".txt"), Map.of(), "run", config.toString());
  }
}
