package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.web.ScriptedWeb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The smallest heap that the config allows, with the maximum of every other setting. */
class LeastHeapTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "SLUICE_FETCHER_HEAP",
          "64 MiB",
          "SLUICE_PARSER_HEAP",
          "64 MiB",
          "SLUICE_FETCHER_CONNECTIONS",
          "2000",
          "SLUICE_FETCHER_RETRY_DELAY",
          "1s",
          "SLUICE_PARSER_MAX_INFLATED",
          "1 GiB");

  private static final int BIG_HOSTS = 24;
  private static final int SMALL_HOSTS = 400;

  /** The default of {@code fetcher.max-body}, and close to the maximum for a heap of 64 MiB. */
  private static final int BODY_BYTES = 10 << 20;

  private static final int SMALL_BYTES = 60 << 10;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void theLargestBodiesAllArriveAmongTwoThousandConnections() throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(LeastHeapTest::largeAndSmall)) {
      CrawlYaml yaml = crawl(web, "/");
      Map<String, Long> lengths = new TreeMap<>();
      for (Line page : yaml.crawlDir().crawlLog()) {
        lengths.put(page.url(), page.number("bytes"));
      }
      assertThat(lengths.values().stream().filter(length -> length == BODY_BYTES))
          .hasSize(BIG_HOSTS);
      assertThat(lengths.values().stream().filter(length -> length == SMALL_BYTES))
          .hasSize(SMALL_HOSTS);
      assertThat(yaml.crawlDir().warcResponses())
          .doesNotHaveDuplicates()
          .hasSize(1 + BIG_HOSTS + SMALL_HOSTS);
      assertThat(log(yaml, "fetcher"))
          .contains("fetcher.heap=64 MiB lowers fetcher.connections 2000 -> ");
    }
  }

  @Test
  void pagesWhoseTreesWouldFillTheHeapAreParsedAsFarAsItHolds() throws Exception {
    List<String> bombs = bombs();
    try (ScriptedWeb web = ScriptedWeb.start(talk -> bombs(talk, bombs))) {
      CrawlYaml yaml = crawl(web, "/");
      assertThat(yaml.crawlDir().crawlLog())
          .hasSize(1 + bombs.size())
          .allSatisfy(page -> assertThat(page.text("outcome")).isEqualTo("page"));
      assertThat(log(yaml, "parser-1")).contains("parser.max-inflated 1024 MiB -> ");
    }
  }

  /** Runs a crawl to its end; no process may crash. */
  private CrawlYaml crawl(ScriptedWeb web, String path) throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir);
    String config =
        yaml.write(web.url("h0", path), "test", web.port(), web.nameServer(), "").toString();
    try (SluiceProcess crawl = SluiceProcess.start(dir.resolve("out.txt"), LEAST, "run", config)) {
      assertThat(crawl.exitWithin(Duration.ofMinutes(4))).as(crawl.output()).isZero();
      assertThat(crawl.output()).doesNotContain("starting it again");
    }
    Expectations.nothingLeftOpen(yaml.crawlDir());
    assertThat(log(yaml, "fetcher") + log(yaml, "parser-1")).doesNotContain("OutOfMemory");
    try (Stream<Path> logs = Files.list(yaml.crawlDir().path().resolve("logs"))) {
      assertThat(logs.filter(file -> file.getFileName().toString().startsWith("crash-"))).isEmpty();
    }
    return yaml;
  }

  private static String log(CrawlYaml yaml, String process) throws IOException {
    return Files.readString(yaml.crawlDir().path().resolve("logs").resolve(process + ".log"));
  }

  /** Answers with large bodies of either framing, fast and slow, among many small ones. */
  private static void largeAndSmall(ScriptedWeb.Talk talk)
      throws IOException, InterruptedException {
    int host = Integer.parseInt(talk.host().substring(1));
    if (host == 0) {
      talk.links(
          IntStream.rangeClosed(1, BIG_HOSTS + SMALL_HOSTS)
              .mapToObj(i -> talk.peer("h" + i, "/"))
              .toList());
      return;
    }
    int bytes = host <= BIG_HOSTS ? BODY_BYTES : SMALL_BYTES;
    int pause = host % 4 == 0 ? 5 : 0;
    if (host % 2 == 0) {
      talk.head(200, "application/octet-stream", bytes);
      talk.body(bytes, 64 << 10, pause);
    } else {
      talk.unannounced("application/octet-stream", bytes, 64 << 10, pause);
    }
  }

  private static void bombs(ScriptedWeb.Talk talk, List<String> bombs) throws IOException {
    if (talk.path().equals("/")) {
      talk.links(
          IntStream.range(0, bombs.size()).mapToObj(i -> talk.peer("h" + i, "/" + i)).toList());
    } else {
      String bomb = bombs.get(Integer.parseInt(talk.path().substring(1)));
      talk.coded("text/html", "gzip", gzip(bomb));
    }
  }

  /**
   * Markup that needs much memory when parsed: the beginning of each page, and the part that is
   * repeated up to 64 MB.
   */
  private static List<String> bombs() {
    List<String> bombs = new ArrayList<>(List.of("|<p>", "|<b>", "|<a b c d e f>x", "|x&lt;"));
    bombs.add("<b><i><u><s><tt><em><big><code><font><small><strike><strong>|<p>x");
    bombs.add("<base href=http://h0.test/" + "x".repeat(1900) + "/>|<a href=NUMBER>");
    bombs.add("<table>|<td>x<div>");
    bombs.add("|\u0416<br>");
    return bombs;
  }

  private static byte[] gzip(String bomb) throws IOException {
    String[] parts = bomb.split("\\|", 2);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(parts[0].getBytes(StandardCharsets.UTF_8));
      int number = 0;
      for (int written = 0; written < 64_000_000; ) {
        StringBuilder some = new StringBuilder();
        while (some.length() < 64_000) {
          some.append(parts[1].replace("NUMBER", Integer.toString(number++)));
        }
        gzip.write(some.toString().getBytes(StandardCharsets.UTF_8));
        written += some.length();
      }
    }
    return bytes.toByteArray();
  }
}
