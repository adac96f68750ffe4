package io.sluice.parser.sink;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.members.Compression;
import io.sluice.core.message.Body;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.message.RecordId;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.message.Truncation;
import io.sluice.core.resource.Ledger;
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
import org.jspecify.annotations.Nullable;

/** Pages for tests. Thread-safe: stateless. */
public final class TestPages {

  /** Generous bounds for tests. */
  public static final ExtractBounds BOUNDS =
      new ExtractBounds(100_000, 1_000, 2_000, 64 << 20, Set.of("a", "area"), "sluice", true, 10);

  private TestPages() {}

  /** A page with status 200 and the given HTML, for the lease with the given number in shard 3. */
  public static Page html(long number, String html) {
    return page(number, 200, html, List.of(new Header("Content-Type", "text/html; charset=utf-8")));
  }

  /** A page with the given status, content and fields. */
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
        "",
        "192.0.2.7",
        Instant.parse("2026-11-21T10:00:00.241Z"),
        Instant.parse("2026-11-21T10:00:00.250Z"),
        12,
        false,
        Body.of(content.getBytes(StandardCharsets.UTF_8)));
  }

  /** The same page with a response head as received. */
  public static Page withHead(Page page, String head) {
    return new Page(
        page.lease(),
        page.url(),
        page.via(),
        page.redirects(),
        page.depth(),
        page.labels(),
        page.attempt(),
        page.protocol(),
        page.status(),
        page.statusText(),
        page.requestHead(),
        page.headers(),
        head,
        page.ip(),
        page.begunAt(),
        page.fetchedAt(),
        page.fetchMillis(),
        page.truncated(),
        page.body());
  }

  /** A redirect from one URL to the next, which is archived but not parsed. */
  public static RecordOnly redirect(long number) {
    return record(
        number, "HTTP/1.1 302 Found\r\nLocation: /p" + (number + 1) + "\r\n\r\n", false, null);
  }

  /** An exchange that is archived but not parsed. */
  public static RecordOnly record(
      long number, String head, boolean unchanged, @Nullable Truncation truncation) {
    return new RecordOnly(
        new RecordId(7, number),
        new Capture(
            "http://a.test/p" + number,
            "GET /p" + number + " HTTP/1.1\r\nHost: a.test",
            head,
            "192.0.2.7",
            Instant.parse("2026-11-21T10:00:00.241Z"),
            unchanged,
            truncation,
            Body.of((unchanged ? "" : "moved").getBytes(StandardCharsets.UTF_8))));
  }

  /** The parser's result for a page. */
  public static ParsedPage parse(Page page) {
    try (PageParser parser = new PageParser(1 << 20, BOUNDS)) {
      return parser.parse(page);
    }
  }

  /** A compressor at level 6, as if the system had no libdeflate. */
  public static Compressor compressor(Compression compression, Ledger ledger) {
    return new Compressor(compression, 6, null, ledger);
  }

  /** The decompressed content of a gzip or zstd file, all members. */
  public static String unpack(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes[0] != 0x28) {
      return gunzip(file);
    }
    try (ZstdInputStreamNoFinalizer in =
        new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The decompressed content of a gzip file, all members. */
  public static String gunzip(Path file) throws IOException {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
