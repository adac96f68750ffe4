package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Many large bodies at a time, in a heap that has room for only a few of them. */
class HugeBodiesTest {

  private static final int HOSTS = 40;
  private static final int BODY_BYTES = 5 << 20;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aWallOfHugeBodiesEndsWithoutAnAbort() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(HugeBodiesTest::answer)) {
      CrawlYaml yaml = CrawlYaml.in(dir);
      String config =
          yaml.write(web.url("h0", "/"), "test", web.port(), web.nameServer(), "").toString();
      Map<String, String> small =
          Map.of("SLUICE_FETCHER_HEAP", "64 MiB", "SLUICE_FETCHER_RETRY_DELAY", "1s");
      try (SluiceProcess crawl =
          SluiceProcess.start(dir.resolve("out.txt"), small, "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(3))).as(crawl.output()).isZero();
        assertThat(crawl.output()).doesNotContain("starting it again");
      }
      Expectations.nothingLeftOpen(yaml.crawlDir());
      Map<String, Long> lengths = new TreeMap<>();
      for (Line page : yaml.crawlDir().crawlLog()) {
        lengths.put(page.url(), page.number("bytes"));
      }
      assertThat(lengths).hasSize(HOSTS + 1);
      assertThat(lengths.values().stream().filter(length -> length == BODY_BYTES)).hasSize(HOSTS);
      assertThat(yaml.crawlDir().warcResponses()).doesNotHaveDuplicates().hasSize(HOSTS + 1);
    }
  }

  /**
   * Answers for a first host that links all others; every second one of these sends fast, the rest
   * slowly.
   */
  private static void answer(ScriptedWeb.Talk talk) throws IOException, InterruptedException {
    int host = Integer.parseInt(talk.host().substring(1));
    if (host == 0) {
      List<String> links =
          IntStream.rangeClosed(1, HOSTS).mapToObj(i -> talk.peer("h" + i, "/big")).toList();
      talk.links(links);
    } else {
      talk.head(200, "application/octet-stream", BODY_BYTES);
      talk.body(BODY_BYTES, 64 << 10, host % 2 == 0 ? 0 : 20);
    }
  }
}
