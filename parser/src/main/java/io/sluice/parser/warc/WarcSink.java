package io.sluice.parser.warc;

import io.sluice.core.message.Header;
import io.sluice.core.message.Page;
import io.sluice.parser.sink.GzipMembers;
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

/**
 * Writes a response record and a request record for each page, each a gzip member of its own. The
 * payload is as the server sent it, content coding on; the transfer coding is gone, and so is its
 * field. Record ids follow from lease, URL and time, so that a page written twice can be told.
 * Confined to its worker's thread.
 */
public final class WarcSink implements PageSink {

  private static final byte[] RECORD_END = {'\r', '\n', '\r', '\n'};
  private static final byte[] NO_BYTES = {};

  private final GzipMembers out;
  private final String name;
  private final WarcInfo info;
  private final Clock clock;
  private final MessageDigest sha1 = sha1();

  private WarcSink(GzipMembers out, String name, WarcInfo info, Clock clock) {
    this.out = out;
    this.name = name;
    this.info = info;
    this.clock = clock;
  }

  /**
   * Makes sinks that compress at {@code level}, 1 to 9, and begin each file with {@code info}. The
   * factory is thread-safe.
   */
  public static Factory factory(int level, WarcInfo info, Clock clock) {
    return new Factory() {
      @Override
      public SinkKind kind() {
        return SinkKind.WARC;
      }

      @Override
      public PageSink open(SinkFile file, String name) {
        return new WarcSink(new GzipMembers(file, level), name, info, clock);
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
    Page page = parsed.page();
    String seed = page.lease() + " " + page.url() + " " + page.fetchedAt();
    UUID responseId = id("response", seed);
    byte[] head = responseHead(page).getBytes(StandardCharsets.ISO_8859_1);
    byte[] body = page.body().bytes();
    WarcRecord response =
        WarcRecord.ofType("response")
            .id("WARC-Record-ID", responseId)
            .field("WARC-Date", page.fetchedAt().toString())
            .field("WARC-Target-URI", page.url())
            .field("WARC-IP-Address", page.ip())
            .field("WARC-Payload-Digest", digest(body, NO_BYTES))
            .field("WARC-Block-Digest", digest(head, body));
    if (page.truncated()) {
      response.field("WARC-Truncated", "length");
    }
    response.field("Content-Type", "application/http;msgtype=response");
    byte[] recordHead = response.end((long) head.length + body.length);
    out.write(recordHead, 0, recordHead.length);
    out.write(head, 0, head.length);
    if (page.header("content-encoding") == null) {
      out.write(body, 0, body.length);
    } else {
      out.writeStored(body);
    }
    end();

    byte[] request = (page.requestHead() + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    byte[] requestHead =
        WarcRecord.ofType("request")
            .id("WARC-Record-ID", id("request", seed))
            .id("WARC-Concurrent-To", responseId)
            .field("WARC-Date", page.fetchedAt().toString())
            .field("WARC-Target-URI", page.url())
            .field("WARC-IP-Address", page.ip())
            .field("WARC-Block-Digest", digest(request, NO_BYTES))
            .field("Content-Type", "application/http;msgtype=request")
            .end(request.length);
    write(requestHead, request);
  }

  /** Status line and fields, with the empty line after them. */
  private static String responseHead(Page page) {
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

  /** Writes a record as one gzip member. */
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
      throw new IllegalStateException("every Java has SHA-1", e);
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
