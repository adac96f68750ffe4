package io.sluice.parser.sink;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.worker.PageParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Pages for tests. Thread-safe: stateless. */
public final class TestPages {

  /** What the tests extract within. */
  public static final ExtractBounds BOUNDS =
      new ExtractBounds(100_000, 1_000, 2_000, Set.of("a", "area"), "sluice", true);

  private TestPages() {}

  /** A page of 200 with that HTML, the {@code number}-th lease of shard 3. */
  public static Page html(long number, String html) {
    return page(number, 200, html, List.of(new Header("Content-Type", "text/html; charset=utf-8")));
  }

  /** A page with that status, content and fields. */
  public static Page page(long number, int status, String content, List<Header> headers) {
    return new Page(
        new LeaseId(3, number),
        "http://a.test/p" + number,
        "http://a.test/",
        List.of(),
        2,
        new Labels(Priority.HIGH, "news"),
        1,
        "HTTP/1.1",
        status,
        "OK",
        "GET /p" + number + " HTTP/1.1\r\nHost: a.test",
        headers,
        "192.0.2.7",
        Instant.parse("2026-11-21T10:00:00.250Z"),
        12,
        false,
        Body.of(content.getBytes(StandardCharsets.UTF_8)));
  }

  /** What the parser makes of a page. */
  public static ParsedPage parse(Page page) {
    try (PageParser parser = new PageParser(1 << 20, BOUNDS)) {
      return parser.parse(page);
    }
  }

  /** A gzip file's content, all members. */
  public static String gunzip(Path file) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
