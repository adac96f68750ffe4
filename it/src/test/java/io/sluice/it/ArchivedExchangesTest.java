package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.ArchiveReaders.Archived;
import io.sluice.it.web.ScriptedWeb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole crawl's WARC files contain the records that an archive expects in addition to the pages.
 */
class ArchivedExchangesTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LATE_MILLIS = 700;
  private static final int LONG = 40_000;

  @TempDir Path dir;

  private final Set<String> before = ConcurrentHashMap.newKeySet();

  private static void robots(ScriptedWeb.Talk talk) throws IOException {
    if (talk.path().equals("/robots.txt") && talk.host().equals("moved")) {
      talk.redirect(talk.peer("site", "/robots.txt"));
    } else {
      talk.raw("HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\nUser-agent: *\nDisallow: /n");
    }
  }

  /** Answers a page's first visit, and every later one. */
  private void answer(ScriptedWeb.Talk talk) throws IOException, InterruptedException {
    boolean first = before.add(talk.host() + talk.path());
    switch (talk.path()) {
      case "/" ->
          talk.links(
              List.of(
                  "/here",
                  "/busy",
                  "/broken",
                  "/slow",
                  "/late",
                  "/long",
                  talk.peer("moved", "/m")));
      case "/here" -> talk.redirect("/there");
      case "/busy" -> {
        if (first) {
          talk.raw("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nwait");
        } else {
          talk.links(List.of());
        }
      }
      case "/broken" -> {
        if (first) {
          talk.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\nhalf");
          talk.raw("!");
          throw new IOException("the connection breaks off");
        }
        talk.links(List.of());
      }
      case "/slow" -> {
        if (first) {
          talk.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\nslow");
          talk.raw("!");
          talk.pause(60_000);
        }
        talk.links(List.of());
      }
      case "/late" -> {
        talk.pause(LATE_MILLIS);
        talk.links(List.of());
      }
      case "/long" -> {
        talk.head(200, "text/plain", LONG);
        talk.body(LONG, LONG, 0);
      }
      case "/there" ->
          talk.raw(
              first
                  ? "HTTP/1.1 200 OK\r\nETag: \"one\"\r\nContent-Length: 5\r\n\r\nthere"
                  : "HTTP/1.1 304 Not Modified\r\nETag: \"one\"\r\n\r\n");
      default -> talk.links(List.of());
    }
  }

  private List<Archived> records = List.of();

  private Archived only(String type, String target, String blockBegins) {
    List<Archived> found =
        records.stream()
            .filter(one -> one.type().equals(type) && one.target().equals(target))
            .filter(one -> one.block().startsWith(blockBegins))
            .toList();
    assertThat(found).as("%s of %s that begins %s", type, target, blockBegins).isNotEmpty();
    return found.getFirst();
  }

  @Test
  void redirectsRobotsRetriedTruncatedAndUnchangedResponsesAreRecordsThatReadersAccept()
      throws Exception {
    try (ScriptedWeb web = ScriptedWeb.start(ArchivedExchangesTest::robots, this::answer)) {
      CrawlYaml yaml =
          CrawlYaml.in(dir).with("recrawl: { after: 1s, shortest: 1s, longest: 1s }\n");
      CrawlDir crawl = yaml.crawlDir();
      String config =
          yaml.fetcher("retry-delay: 100ms", "max-body: 16 KiB", "timeouts: { idle: 1s }")
              .write(web.url("site", "/"), "test", web.port(), web.nameServer(), "")
              .toString();
      try (SluiceProcess run =
          SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", config)) {
        run.awaitRunning(
            () ->
                web.asked().getOrDefault(web.url("site", "/there"), 0L) >= 2
                    && web.asked().getOrDefault(web.url("site", "/slow"), 0L) >= 2
                    && web.asked().getOrDefault(web.url("site", "/busy"), 0L) >= 2
                    && web.asked().getOrDefault(web.url("site", "/broken"), 0L) >= 2
                    && web.asked().getOrDefault(web.url("moved", "/m"), 0L) >= 1);
        run.terminate();
        assertThat(run.exitWithin(PATIENCE)).as(run.output()).isZero();
      }

      List<Path> files = crawl.warcFiles();
      records = ArchiveReaders.read(files);
      assertThat(ArchiveReaders.complaintsOfJwat(files)).as("of JWAT").isEmpty();
      assertThat(records).extracting(one -> one.record().id()).doesNotHaveDuplicates();
      assertThat(crawl.pages())
          .extracting(page -> page.number("status"))
          .as("JSONL holds pages only")
          .containsOnly(200L);

      theRecords(web);
      theDates(web, crawl);
    }
  }

  private void theRecords(ScriptedWeb web) {
    Archived redirect = only("response", web.url("site", "/here"), "HTTP/1.1 302 ");
    assertThat(redirect.block()).contains("Location: /there");
    assertThat(redirect.field("WARC-Truncated")).isEmpty();
    assertThat(redirect.field("WARC-IP-Address")).contains("127.0.0.1");
    assertThat(requestOf(redirect).block()).startsWith("GET /here HTTP/1.1\r\n");

    assertThat(only("response", web.url("site", "/robots.txt"), "HTTP/1.1 200 ").block())
        .endsWith("Disallow: /n");
    assertThat(only("response", web.url("moved", "/robots.txt"), "HTTP/1.1 302 ").block())
        .contains("Location: " + web.url("site", "/robots.txt"));

    assertThat(only("response", web.url("site", "/busy"), "HTTP/1.1 503 Busy").block())
        .endsWith("wait");
    Archived broken = only("response", web.url("site", "/broken"), "HTTP/1.1 200 OK");
    assertThat(broken.block()).contains("\r\n\r\nhalf");
    assertThat(broken.field("WARC-Truncated")).contains("disconnect");
    Archived slow = only("response", web.url("site", "/slow"), "HTTP/1.1 200 OK");
    assertThat(slow.field("WARC-Truncated")).contains("time");
    Archived cut = only("response", web.url("site", "/long"), "HTTP/1.1 200 ");
    assertThat(cut.field("WARC-Truncated")).contains("length");

    Archived page = only("response", web.url("site", "/there"), "HTTP/1.1 200 OK");
    Archived unchanged = only("revisit", web.url("site", "/there"), "HTTP/1.1 304 Not Modified");
    assertThat(unchanged.field("WARC-Profile"))
        .contains("http://netpreserve.org/warc/1.1/revisit/server-not-modified");
    assertThat(unchanged.field("WARC-Refers-To-Target-URI")).contains(page.target());
    assertThat(unchanged.date()).isAfter(page.date());
    assertThat(requestOf(page).block()).doesNotContain("If-None-Match");
    assertThat(requestOf(unchanged).block()).contains("If-None-Match: \"one\"");
  }

  private Archived requestOf(Archived response) {
    return records.stream()
        .filter(one -> one.type().equals("request"))
        .filter(one -> one.field("WARC-Concurrent-To").equals(response.field("WARC-Record-ID")))
        .findFirst()
        .orElseThrow();
  }

  /**
   * WARC-Date must be the start of the exchange; with a slow server, the start differs clearly from
   * the end.
   */
  private void theDates(ScriptedWeb web, CrawlDir crawl) throws IOException {
    Line page =
        crawl.pages().stream()
            .filter(line -> line.url().equals(web.url("site", "/late")))
            .findFirst()
            .orElseThrow();
    Instant ended = Instant.parse(page.text("fetched_at"));
    Archived late = only("response", web.url("site", "/late"), "HTTP/1.1 200 ");
    assertThat(Duration.between(late.date(), ended).toMillis()).isGreaterThan(LATE_MILLIS - 100);
    assertThat(requestOf(late).date()).isEqualTo(late.date());
  }
}
