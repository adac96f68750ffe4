package io.sluice.parser.jsonl;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.TestLedger;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JsonlSinkTest {

  @TempDir Path dir;

  private final TestLedger ledger = new TestLedger();

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
                + " charset=utf-8\"]],\"content_type\":\"text/html\",\"charset\":\"UTF-8\",\"title\":\"A"
                + " page\",\"language\":\"en\",\"text\":\"Some text \\\"quoted\\\""
                + " éxy\",\"canonical\":\"http://a.test/c\",\"robots\":[\"noarchive\"],\"links\":[{\"url\":\"http://a.test/c\",\"rel\":\"canonical\",\"kind\":\"link\"},{\"url\":\"http://a.test/x\",\"rel\":\"nofollow\"},{\"url\":\"http://a.test/y\"}],\"bytes\":175,\"digest\":\"sha256:23755945871cd229d6a69448e6776157973b5a0217dc8a2e7f580b8851818ace\",\"lease\":\"3-7\",\"attempt\":1,\"truncated\":[]}\n");
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
            "not gzip",
            List.of(
                new Header("Content-Type", "text/html"), new Header("Content-Encoding", "gzip")));

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
  void forgottenBatchLeavesNoTrace() throws IOException {
    Path path = dir.resolve("f");
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        PageSink sink = JsonlSink.factory(6).open(file, "f")) {
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

    assertThat(TestPages.gunzip(path).lines().map(line -> Json.object(line).get("lease")))
        .containsExactly("3-1", "3-4");
    assertThat(ledger.entries()).isEmpty();
  }

  private String write(Page page) throws IOException {
    Path path = dir.resolve("page" + page.lease());
    try (SinkFile file = SinkFile.create(path, SinkKind.PAGES, ledger);
        PageSink sink = JsonlSink.factory(6).open(file, "page")) {
      sink.begin();
      sink.append(TestPages.parse(page));
      sink.endBatch();
      file.sync();
    }
    return TestPages.gunzip(path);
  }
}
