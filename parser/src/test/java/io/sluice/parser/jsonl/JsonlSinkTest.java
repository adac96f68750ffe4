package io.sluice.parser.jsonl;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.members.Compression;
import io.sluice.core.members.MemberReader;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.Wanted;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.Libdeflate;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import io.sluice.parser.worker.PageParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class JsonlSinkTest {

  private static final List<Header> PLAIN = List.of(new Header("Content-Type", "text/plain"));

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();
  private final BriefFiles files = new BriefFiles(ledger, ResourceKind.OUTPUT, "test");
  private Compressor compressor = TestPages.compressor(Compression.GZIP, ledger);

  @Test
  void pageIsOneLineWithEveryField() throws IOException {
    Page page =
        TestPages.html(
            7,
            "<html lang=en><title>A page</title><meta name=robots content=noarchive>"
                + "<link rel=canonical href=/c><p>Some <b>text</b> \"quoted\" é"
                + "<a href=x rel=nofollow>x</a><a href=y#z>y</a>");

    assertThat(write(page))
        .isEqualTo(
            "{\"url\":\"http://a.test/p7\",\"via\":\"http://a.test/\",\"redirects\":[],"
                + "\"depth\":2,\"tag\":\"news\",\"status\":200,\"fetched_at\":\"2026-11-21T10:00:00.250Z\","
                + "\"fetch_millis\":12,\"ip\":\"192.0.2.7\",\"headers\":[[\"Content-Type\",\"text/html;"
                + " charset=utf-8\"]],\"head\":null,\"content_type\":\"text/html\",\"charset\":\"UTF-8\",\"title\":\"A"
                + " page\",\"language\":\"en\",\"text\":\"Some text \\\"quoted\\\""
                + " éxy\",\"canonical\":\"http://a.test/c\",\"robots\":[\"noarchive\"],\"links\":[{\"url\":\"http://a.test/c\",\"rel\":\"canonical\",\"kind\":\"link\"},{\"url\":\"http://a.test/x\",\"rel\":\"nofollow\",\"nofollow\":true},{\"url\":\"http://a.test/y\"}],\"bytes\":175,\"digest\":\"sha256:23755945871cd229d6a69448e6776157973b5a0217dc8a2e7f580b8851818ace\",\"lease\":\"3-7\",\"attempt\":1,\"truncated\":[]}\n");
  }

  @Test
  void theHeadIsTextOfWhichEachCharacterIsAByte() throws IOException {
    String head = "HTTP/1.1 200 OK\nServer a/b\r\nX: \u00c3\u00a9\u0001\r\n\r\n";
    Page page = TestPages.withHead(TestPages.html(7, "x"), head);

    assertThat(Json.object(write(page))).containsEntry("head", head);
  }

  @Test
  void pageThatIsNotHtmlHasNoTextButIsThere() throws IOException {
    Page page =
        TestPages.page(8, 200, "%PDF", List.of(new Header("Content-Type", "application/pdf")));

    Map<String, @Nullable Object> line = Json.object(write(page));

    assertThat(line)
        .containsEntry("content_type", "application/pdf")
        .containsEntry("charset", null)
        .containsEntry("title", null)
        .containsEntry("text", "")
        .containsEntry("links", List.of())
        .containsEntry("bytes", 4L);
  }

  @Test
  void damageAndCutsAreNamed() throws IOException {
    Page page =
        TestPages.page(
            9,
            200,
            "\u001f\u0007\u0001",
            List.of(
                new Header("Content-Type", "text/html"),
                new Header("Content-Encoding", "deflate")));

    assertThat(Json.object(write(page))).containsEntry("damage", "corrupt");
  }

  @Test
  void loneSurrogatesDoNotBreakALine() throws IOException {
    Page page =
        TestPages.html(
            10,
            "<html lang='&#xD800;'><title>&#xD800;x</title><meta name=robots content='&#xDC00;'>"
                + "<p>&#xDC00; &#x1F600;<a href='x&#xD800;' rel='&#xDFFF;'></a>");

    assertThat(Json.object(write(page)))
        .containsEntry("title", "\uFFFDx")
        .containsEntry("language", "\uFFFD")
        .containsEntry("robots", List.of("\uFFFD"))
        .containsEntry("text", "\uFFFD \uD83D\uDE00")
        .containsEntry(
            "links", List.of(Map.of("url", "http://a.test/x%EF%BF%BD", "rel", "\uFFFD")));
  }

  @Test
  void whatElseAPageSaysFollowsItsLinks() throws IOException {
    String html =
        "<html><meta name=description content=d><link rel=next href=n>"
            + "<meta property=og:title content=o><meta name=twitter:card content=c>"
            + "<script type=application/ld+json>[]</script>"
            + "<link rel=alternate hreflang=de href=de><link rel=feed href=f>"
            + "<h1 itemtype=i>h</h1><a href=n>l</a>";

    String line = write(TestPages.html(11, html), TestPages.BOUNDS.with(Wanted.ALL));

    assertThat(line)
        .contains(
            "\"links\":[{\"url\":\"http://a.test/n\",\"text\":\"l\"},",
            "],\"meta\":{\"description\":\"d\"},\"alternates\":{\"hreflang\":{\"de\":"
                + "\"http://a.test/de\"},\"next\":\"http://a.test/n\",\"feeds\":"
                + "[\"http://a.test/f\"]},\"open_graph\":{\"og:title\":[\"o\"]},\"twitter\":"
                + "{\"twitter:card\":[\"c\"]},\"json_ld\":[\"[]\"],\"microdata\":[\"i\"],"
                + "\"headings\":[{\"level\":1,\"text\":\"h\"}],\"html\":\"<html>");
    assertThat(Json.object(line)).doesNotContainEntry("truncated", List.of("fields"));
    assertThat(Json.object(write(TestPages.html(12, html))))
        .doesNotContainKeys("meta", "alternates", "html");
  }

  @ParameterizedTest
  @MethodSource("compressors")
  void forgottenBatchLeavesNoTrace(Compressor with) throws IOException {
    compressor = with;
    Path path = dir.resolve("f");
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        PageSink sink = JsonlSink.factory(compressor).open(file, "f")) {
      sink.append(TestPages.parse(TestPages.html(1, "one")));
      sink.endBatch();
      file.sync();
      long committed = file.offset();
      sink.append(TestPages.parse(TestPages.html(2, "two".repeat(10_000))));
      sink.endBatch();
      sink.append(TestPages.parse(TestPages.html(3, "three")));
      sink.forgetBatch();
      file.cut(committed);
      sink.append(TestPages.parse(TestPages.html(4, "four")));
      sink.endBatch();
      file.sync();
    }

    assertThat(TestPages.unpack(path).lines().map(line -> Json.object(line).get("lease")))
        .containsExactly("3-1", "3-4");
    assertThat(ledger.entries()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("compressors")
  void aFileForWhichOnlyRecordsCameCanBeReadAllTheSame(Compressor with) throws IOException {
    compressor = with;
    Path path = dir.resolve("pages.jsonl.gz");
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        PageSink sink = JsonlSink.factory(compressor).open(file, "pages")) {
      sink.begin();
      sink.append(TestPages.redirect(1));
      sink.endBatch();
      long one = file.offset();
      sink.append(TestPages.redirect(2));
      sink.endBatch();
      assertThat(file.offset()).as("a member a batch is not needed").isEqualTo(one);
      file.sync();
    }
    assertThat(TestPages.unpack(path)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("compressors")
  void membersOfALargeBatchEndWithALine(Compressor with) throws IOException {
    Path path = dir.resolve("pages");
    List<String> texts = new ArrayList<>();
    Random random = new Random(7);
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        PageSink sink = JsonlSink.factory(with).open(file, "pages")) {
      sink.begin();
      for (int number = 1; number <= 40; number++) {
        int length = number % 8 == 0 ? 60_000 : 30_000; // escaping adds up to half
        StringBuilder text = new StringBuilder("x");
        while (text.length() < length) {
          text.append((char) ('a' + random.nextInt(26))).append(number % 3 == 0 ? "\u00e9" : "\"");
        }
        texts.add(text.toString());
        sink.append(TestPages.parse(TestPages.page(number, 200, text.toString(), PLAIN)));
      }
      sink.endBatch();
      file.sync();
    }

    try (MemberReader members = MemberReader.open(path, files)) {
      byte[] member = new byte[4 << 20];
      for (int number = 0; members.next(); number++) {
        int length = 0;
        for (int read = 0; read >= 0; length += Math.max(0, read)) {
          read = members.read(member, length, member.length - length);
        }
        assertThat(member[length - 1]).as("end of member %d", number).isEqualTo((byte) '\n');
      }
    }
    assertThat(TestPages.unpack(path).lines().map(line -> Json.object(line).get("text")))
        .containsExactlyElementsOf(texts);
  }

  /** All compressors; libdeflate only if the system has it. */
  static Stream<Compressor> compressors() {
    Ledger ledger = new ResourceLedger();
    return Stream.of(
        TestPages.compressor(Compression.GZIP, ledger),
        new Compressor(Compression.GZIP, 6, Libdeflate.system(), ledger),
        TestPages.compressor(Compression.ZSTD, ledger));
  }

  private String write(Page page) throws IOException {
    return write(page, TestPages.BOUNDS);
  }

  private String write(Page page, ExtractBounds bounds) throws IOException {
    Path path = dir.resolve("page" + page.lease());
    try (PageParser parser = new PageParser(1 << 20, bounds);
        SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        PageSink sink = JsonlSink.factory(compressor).open(file, "page")) {
      sink.begin();
      sink.append(parser.parse(page));
      sink.endBatch();
      file.sync();
    }
    return TestPages.unpack(path);
  }
}
