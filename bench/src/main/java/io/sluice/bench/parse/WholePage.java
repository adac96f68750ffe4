package io.sluice.bench.parse;

import io.sluice.core.coding.DecodedBody;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Reason;
import io.sluice.core.members.Compression;
import io.sluice.core.message.Body;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.parser.addition.Additions;
import io.sluice.parser.decode.TextDecoder;
import io.sluice.parser.encoding.Encoding;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.jsonl.JsonlSink;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.Libdeflate;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A parser's work on a page, from decompressed bytes to compressed JSON lines in a file, without
 * digests or Redis. Confined to the thread that measures.
 */
final class WholePage implements AutoCloseable {

  /** Number of pages in a batch, as in a busy parser. */
  private static final int BATCH = 32;

  private static final String URL = "http://bench.test/docs/page.html";

  private final Path folder;
  private final Path path;
  private final SinkFile file;
  private final PageSink sink;
  private int appended;

  private WholePage(Path folder, Compressor compressor) throws IOException {
    this.folder = folder;
    this.path = folder.resolve("pages");
    this.file = SinkFile.create(path, SinkKind.PAGES, compressor.ledger());
    this.sink = JsonlSink.factory(compressor).open(file, "pages");
  }

  /**
   * Opens a file in a new temporary directory.
   *
   * @param libdeflate compresses gzip; null for the JDK's zlib
   */
  static WholePage open(Compression compression, int level, @Nullable Libdeflate libdeflate)
      throws IOException {
    Compressor compressor = new Compressor(compression, level, libdeflate, new ResourceLedger());
    return new WholePage(Files.createTempDirectory("sluice-bench"), compressor);
  }

  /** Decodes a page as HTML in UTF-8. */
  static String decode(byte[] bytes) {
    return TextDecoder.decode(new DecodedBody(bytes, bytes.length, false, null), "utf-8").text();
  }

  /** Decodes a page, extracts its content and writes it. */
  void run(byte[] bytes, Function<String, Extract> extractor) {
    write(bytes, extractor.apply(decode(bytes)));
  }

  /** Writes a page's extract; ends the batch if it is full. */
  void write(byte[] bytes, Extract extract) {
    try {
      sink.append(
          new ParsedPage(
              page(bytes),
              "text/html",
              Encoding.UTF_8,
              extract,
              true,
              Additions.NONE,
              "sha256:" + "0".repeat(64),
              null,
              false,
              null,
              Reason.OK));
      if (++appended % BATCH == 0) {
        sink.endBatch();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Page page(byte[] bytes) {
    return new Page(
        new LeaseId(1, 1),
        URL,
        null,
        List.of(),
        2,
        new Labels(Priority.NORMAL, null),
        1,
        "HTTP/1.1",
        200,
        "OK",
        "GET /docs/page.html HTTP/1.1\r\nHost: bench.test",
        List.of(new Header("Content-Type", "text/html; charset=utf-8")),
        "",
        "192.0.2.7",
        Instant.EPOCH,
        Instant.EPOCH,
        12,
        false,
        Body.of(bytes));
  }

  /** Ends the batch and empties the file; returns its length. */
  long finish() throws IOException {
    sink.endBatch();
    long length = file.offset();
    file.cut(0);
    sink.begin();
    return length;
  }

  @Override
  public void close() throws IOException {
    sink.close();
    file.close();
    Files.delete(path);
    Files.delete(folder);
  }
}
