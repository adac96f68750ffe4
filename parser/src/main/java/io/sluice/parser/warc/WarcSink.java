package io.sluice.parser.warc;

import io.sluice.core.members.Compression;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.core.message.RecordOnly;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.Members;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkFile;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes a response record and a request record for each page and for each exchange that is only
 * archived, each record a member of its own; a 304 that confirms a page as unchanged is a revisit
 * record. The head is written as the server sent it, byte for byte, except that a Transfer-Encoding
 * field is renamed, because that coding has been removed from the payload; the content coding has
 * not. Record ids are derived from the lease or entry, the URL and the time, so that records
 * written twice can be recognised. Confined to its worker's thread.
 */
public final class WarcSink implements PageSink {

  private static final byte[] RECORD_END = {'\r', '\n', '\r', '\n'};
  private static final byte[] NO_BYTES = {};

  /** The profile of a revisit that the server answered with 304 (WARC 1.1, 6.7.3). */
  private static final String SERVER_NOT_MODIFIED =
      "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

  /**
   * The start of a Transfer-Encoding field. The coding has been removed, and a reader would try to
   * remove it again.
   */
  private static final Pattern TRANSFER_ENCODING =
      Pattern.compile("(\n)(?=transfer-encoding[ \t\r]*:)", Pattern.CASE_INSENSITIVE);

  /** The prefix with which Common Crawl renames such a field. */
  private static final String RENAMED = "X-Crawler-";

  private final Members out;
  private final String name;
  private final WarcInfo info;
  private final ArchiveRule rule;
  private final Clock clock;
  private final MessageDigest sha1 = sha1();

  private WarcSink(Members out, String name, WarcInfo info, ArchiveRule rule, Clock clock) {
    this.out = out;
    this.name = name;
    this.info = info;
    this.rule = rule;
    this.clock = clock;
  }

  /**
   * Makes sinks that begin each file with {@code info}. The factory is thread-safe.
   *
   * @param rule decides which of the exchanges that are only archived are left out
   */
  public static Factory factory(
      Compressor compressor, WarcInfo info, ArchiveRule rule, Clock clock) {
    return new Factory() {
      @Override
      public SinkKind kind() {
        return SinkKind.WARC;
      }

      @Override
      public Compression compression() {
        return compressor.compression();
      }

      @Override
      public PageSink open(SinkFile file, String name) {
        return new WarcSink(compressor.openForRecords(file), name, info, rule, clock);
      }
    };
  }

  @Override
  public void begin() throws IOException {
    byte[] fields = info.fields().getBytes(StandardCharsets.UTF_8);
    byte[] head =
        WarcRecord.ofType("warcinfo")
            .id("WARC-Record-ID", id("warcinfo", name + clock.instant()))
            .field("WARC-Date", clock.instant().toString())
            .field("WARC-Filename", name)
            .field("Content-Type", "application/warc-fields")
            .end(fields.length);
    write(head, fields);
  }

  @Override
  public void append(ParsedPage parsed) throws IOException {
    if (!parsed.archivable()) {
      return;
    }
    Page page = parsed.page();
    String seed = page.lease() + " " + page.url() + " " + page.fetchedAt();
    boolean coded = page.header("content-encoding") != null;
    Capture capture = page.capture();
    write(seed, capture, capture.responseHead().isEmpty() ? composedHead(page) : null, coded);
  }

  @Override
  public void append(RecordOnly entry) throws IOException {
    Capture capture = entry.capture();
    if (rule.forbids(capture.responseHead())) {
      return;
    }
    String seed = entry.id() + " " + capture.url() + " " + capture.begunAt();
    write(seed, capture, null, false);
  }

  /**
   * Writes the records of an exchange's response and request.
   *
   * @param seed the string from which the records' ids are derived
   * @param composed the head of a response whose received head is not known; otherwise null
   * @param coded whether the body cannot be compressed further
   */
  private void write(String seed, Capture capture, @Nullable String composed, boolean coded)
      throws IOException {
    UUID responseId = id("response", seed);
    String received = TRANSFER_ENCODING.matcher(capture.responseHead()).replaceAll("$1" + RENAMED);
    byte[] head = (composed == null ? received : composed).getBytes(StandardCharsets.ISO_8859_1);
    byte[] body = capture.body().bytes();
    WarcRecord response =
        WarcRecord.ofType(capture.unchanged() ? "revisit" : "response")
            .id("WARC-Record-ID", responseId);
    describe(response, capture);
    if (capture.unchanged()) {
      response
          .field("WARC-Profile", SERVER_NOT_MODIFIED)
          .field("WARC-Refers-To-Target-URI", TargetUri.of(capture.url()));
    } else {
      response.field("WARC-Payload-Digest", digest(body, NO_BYTES));
    }
    response.field("WARC-Block-Digest", digest(head, body));
    if (capture.truncation() != null) {
      response.field("WARC-Truncated", capture.truncation().word());
    }
    response.field("Content-Type", "application/http;msgtype=response");
    byte[] recordHead = response.end((long) head.length + body.length);
    out.write(recordHead, 0, recordHead.length);
    out.write(head, 0, head.length);
    if (coded) {
      out.writeStored(body);
    } else {
      out.write(body, 0, body.length);
    }
    end();

    byte[] request = (capture.requestHead() + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    WarcRecord asked =
        WarcRecord.ofType("request")
            .id("WARC-Record-ID", id("request", seed))
            .id("WARC-Concurrent-To", responseId);
    describe(asked, capture);
    asked.field("WARC-Block-Digest", digest(request, NO_BYTES));
    asked.field("Content-Type", "application/http;msgtype=request");
    write(asked.end(request.length), request);
  }

  /** Adds the fields that response and request share. */
  private static void describe(WarcRecord record, Capture capture) {
    record
        .field("WARC-Date", capture.begunAt().toString())
        .field("WARC-Target-URI", TargetUri.of(capture.url()))
        .field("WARC-IP-Address", capture.ip());
  }

  /** A head composed from the fields of a page from an older fetcher, which did not send it. */
  private static String composedHead(Page page) {
    StringBuilder head = new StringBuilder(512);
    head.append(page.protocol()).append(' ').append(page.status()).append(' ');
    WarcRecord.appendLine(head, page.statusText());
    head.append("\r\n");
    for (Header header : page.headers()) {
      if (!header.name().equalsIgnoreCase("transfer-encoding")) {
        WarcRecord.appendLine(head, header.name());
        head.append(": ");
        WarcRecord.appendLine(head, header.value());
        head.append("\r\n");
      }
    }
    return head.append("\r\n").toString();
  }

  /** Writes a record as one member. */
  private void write(byte[] head, byte[] block) throws IOException {
    out.write(head, 0, head.length);
    out.write(block, 0, block.length);
    end();
  }

  private void end() throws IOException {
    out.write(RECORD_END, 0, RECORD_END.length);
    out.endMember();
  }

  private String digest(byte[] first, byte[] second) {
    sha1.update(first);
    sha1.update(second);
    return "sha1:" + Base32.encode(sha1.digest());
  }

  private static UUID id(String type, String seed) {
    return UUID.nameUUIDFromBytes((type + " " + seed).getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-1", e);
    }
  }

  @Override
  public void endBatch() {
    // Each record is a member of its own.
  }

  @Override
  public void forgetBatch() {
    out.forget();
  }

  @Override
  public void close() {
    out.close();
  }
}
