package io.sluice.core.message;

import static io.sluice.core.message.WireJson.required;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Validators;
import io.sluice.core.message.WireJson.Unreadable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Encodes outcomes as stream entries, and decodes them, version 1 (docs/wire-protocol.md). The
 * links form one text, one per line, compressed together (zlib, RFC 1950). Holds the compressor's
 * native memory until closed.
 *
 * <p>Confined to its owner's thread.
 */
public final class OutcomeCodec implements AutoCloseable {

  /** Maximum number of links of an outcome. */
  public static final int MAX_LINKS = 100_000;

  /**
   * Maximum number of URLs that led to a target: they become the redirects of the target's page.
   */
  private static final int MAX_CHAIN = PageCodec.MAX_REDIRECTS;

  /** Maximum size of all links of an outcome, including line ends, before compression. */
  public static final int MAX_LINK_BYTES = 16 << 20;

  private static final int MAX_REASON_CHARS = 64;
  private static final int TYPICAL_BYTES = 512;
  private static final byte[] NONE = new byte[0];

  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final Inflater inflater = new Inflater();
  private byte[] scratch = new byte[64 << 10];

  /** The entry that carries {@code outcome}. Links beyond the bounds are left out. */
  public StreamEntry encode(Outcome outcome) {
    return StreamEntry.of(outcome.lease(), header(outcome), deflate(outcome.links()));
  }

  /** Reads an entry; never throws. */
  public Decoded<Outcome> decode(StreamEntry entry) {
    LeaseId lease = entry.leaseId();
    if (lease == null) {
      return new Decoded.Malformed<>("no lease", null);
    }
    try (JsonParser json = WireJson.parse(entry.header())) {
      return new Decoded.Whole<>(new Draft().read(json).outcome(lease, inflate(entry.payload())));
    } catch (IOException e) {
      return new Decoded.Malformed<>(WireJson.reasonOf(e), lease);
    }
  }

  @Override
  public void close() {
    deflater.end();
    inflater.end();
  }

  private static byte[] header(Outcome outcome) {
    UrlEnd end = outcome.end();
    try (ByteArrayBuilder out = new ByteArrayBuilder(TYPICAL_BYTES)) {
      try (JsonGenerator json = WireJson.FACTORY.createGenerator(out)) {
        json.writeStartObject();
        json.writeNumberField("v", WireJson.VERSION);
        json.writeStringField("url", outcome.url());
        json.writeNumberField("depth", outcome.depth());
        WireJson.writeLabels(json, outcome.labels());
        json.writeStringField("ending", end.ending().word());
        json.writeStringField("reason", end.reason());
        json.writeNumberField("status", end.status());
        json.writeStringField("ip", end.ip());
        json.writeNumberField("at", end.at().toEpochMilli());
        json.writeNumberField("took", end.fetchMillis());
        json.writeNumberField("bytes", end.bytes());
        WireJson.writeVersion(json, outcome.version());
        if (end.target() != null) {
          writeTarget(json, end.target(), outcome.chain());
        }
        json.writeEndObject();
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode an outcome", e);
    }
  }

  private static void writeTarget(JsonGenerator json, UrlEnd.Target target, List<String> chain)
      throws IOException {
    json.writeStringField("target", target.href());
    json.writeArrayFieldStart("chain");
    for (String url : chain) {
      json.writeString(url);
    }
    json.writeEndArray();
  }

  private byte[] deflate(List<String> links) {
    int length = join(links);
    if (length == 0) {
      return NONE;
    }
    deflater.reset();
    deflater.setInput(scratch, 0, length);
    deflater.finish();
    try (ByteArrayBuilder out = new ByteArrayBuilder(length / 3 + 64)) {
      byte[] piece = out.resetAndGetFirstSegment();
      while (true) {
        int filled = deflater.deflate(piece);
        if (deflater.finished()) {
          out.setCurrentSegmentLength(filled);
          return out.toByteArray();
        }
        piece = out.finishCurrentSegment();
      }
    }
  }

  /** Puts the links, each followed by a line feed, at the beginning of the scratch buffer. */
  @SuppressWarnings("deprecation") // links are ASCII by the URL standard: no charset is needed
  private int join(List<String> links) {
    int length = 0;
    int count = 0;
    for (String link : links) {
      int needed = length + link.length() + 1;
      if (needed > MAX_LINK_BYTES || count++ == MAX_LINKS) {
        break;
      }
      reserve(needed);
      link.getBytes(0, link.length(), scratch, length);
      scratch[needed - 1] = '\n';
      length = needed;
    }
    return length;
  }

  private List<String> inflate(byte[] payload) throws Unreadable {
    if (payload.length == 0) {
      return List.of();
    }
    inflater.reset();
    inflater.setInput(payload);
    int length = 0;
    try {
      while (!inflater.finished()) {
        int filled = inflater.inflate(scratch, length, scratch.length - length);
        length += filled;
        if (length > MAX_LINK_BYTES) {
          throw new Unreadable("links are longer than " + MAX_LINK_BYTES + " bytes");
        }
        if (length == scratch.length) {
          reserve(length + 1);
        } else if (filled == 0) {
          throw new Unreadable("links are cut short");
        }
      }
    } catch (DataFormatException e) {
      throw new Unreadable("links are not zlib data");
    }
    return split(length);
  }

  private List<String> split(int length) throws Unreadable {
    List<String> links = new ArrayList<>();
    int start = 0;
    for (int at = 0; at < length; at++) {
      if (scratch[at] == '\n') {
        if (at == start || at - start > WireJson.MAX_URL_CHARS || links.size() == MAX_LINKS) {
          throw new Unreadable("links are out of bounds");
        }
        links.add(new String(scratch, start, at - start, StandardCharsets.ISO_8859_1));
        start = at + 1;
      }
    }
    if (start != length) {
      throw new Unreadable("links do not end with a line feed");
    }
    return links;
  }

  private void reserve(int length) {
    if (length > scratch.length) {
      byte[] larger = new byte[Math.max(length, scratch.length * 2)];
      System.arraycopy(scratch, 0, larger, 0, scratch.length);
      scratch = larger;
    }
  }

  /** An outcome while it is being read. */
  private static final class Draft {
    private int version;
    private @Nullable String url;
    private int depth = -1;
    private Priority priority = Priority.NORMAL;
    private @Nullable String tag;
    private @Nullable Ending ending;
    private @Nullable String reason;
    private int status;
    private @Nullable String ip;
    private @Nullable Instant at;
    private long fetchMillis;
    private long bytes;
    private @Nullable String etag;
    private @Nullable String lastModified;
    private @Nullable Long digest;
    private @Nullable String target;
    private List<String> chain = List.of();

    Draft read(JsonParser json) throws IOException {
      WireJson.eachField(json, this::readField);
      return this;
    }

    private void readField(JsonParser json, String key) throws IOException {
      switch (key) {
        case "v" -> version = WireJson.smallNumber(json, key, WireJson.VERSION, WireJson.VERSION);
        case "url" -> url = WireJson.url(json, key);
        case "depth" -> depth = WireJson.smallNumber(json, key, 0, Integer.MAX_VALUE - 1);
        case "priority" -> priority = WireJson.priority(json, key);
        case "tag" -> tag = WireJson.tag(json, key);
        case "ending" -> ending = Ending.ofWord(WireJson.text(json, key, MAX_REASON_CHARS));
        case "reason" -> reason = word(WireJson.text(json, key, MAX_REASON_CHARS));
        case "status" -> status = WireJson.smallNumber(json, key, 0, 999);
        case "ip" -> ip = WireJson.textOrNull(json, key, 64);
        case "at" -> at = Instant.ofEpochMilli(WireJson.number(json, key, 0, 1L << 52));
        case "took" -> fetchMillis = WireJson.number(json, key, 0, Long.MAX_VALUE);
        case "bytes" -> bytes = WireJson.number(json, key, 0, Long.MAX_VALUE);
        case "etag" -> etag = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "modified" -> lastModified = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "target" -> target = WireJson.url(json, key);
        case "chain" -> chain = WireJson.urls(json, key, MAX_CHAIN);
        case "digest" -> digest = WireJson.digest(json, key);
        default -> json.skipChildren();
      }
    }

    private static String word(String text) throws Unreadable {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
          throw new Unreadable("reason is not a word");
        }
      }
      if (text.isEmpty()) {
        throw new Unreadable("reason is empty");
      }
      return text;
    }

    private @Nullable PageVersion pageVersion() {
      return digest == null ? null : new PageVersion(Validators.of(etag, lastModified), digest);
    }

    Outcome outcome(LeaseId lease, List<String> links) throws IOException {
      required(version == 0 ? null : version, "v");
      if (status > 0 && status < 100) {
        throw new Unreadable("status is out of range");
      }
      UrlEnd end =
          new UrlEnd(
              required(ending, "ending"),
              required(reason, "reason"),
              status,
              ip,
              required(at, "at"),
              fetchMillis,
              bytes,
              target == null ? null : new UrlEnd.Target(target, null));
      return new Outcome(
          lease,
          required(url, "url"),
          required(depth < 0 ? null : depth, "depth"),
          new Labels(priority, tag),
          end,
          pageVersion(),
          target == null ? List.of() : chain,
          links);
    }
  }
}
