package io.sluice.core.message;

import static io.sluice.core.message.WireJson.required;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.sluice.core.message.WireJson.Unreadable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes record-only entries of the stream of pages (docs/wire-protocol.md). They are
 * distinguished from pages by their {@code k}, which a reader that knows only pages refuses, since
 * it names no lease. The body's array is used as it is, without a copy. Thread-safe: stateless.
 */
public final class RecordCodec {

  /** The only version. */
  static final int VERSION = 1;

  private static final int MAX_ID_BYTES = 48;
  private static final int TYPICAL_HEADER_BYTES = 1024;

  private RecordCodec() {}

  /** The entry that carries {@code entry}; shares the body's array. */
  public static StreamEntry encode(RecordOnly entry) {
    return new StreamEntry(
        entry.id().toString().getBytes(StandardCharsets.US_ASCII),
        header(entry.capture()),
        entry.body().bytes());
  }

  /** The id that {@code k} names; null if it names none, as for a page. */
  public static @Nullable RecordId idOf(StreamEntry entry) {
    byte[] id = entry.lease();
    return id.length == 0 || id.length > MAX_ID_BYTES || id[0] != 'r'
        ? null
        : RecordId.parse(new String(id, StandardCharsets.US_ASCII));
  }

  /** Reads an entry with the given id; never throws. The message shares the payload's array. */
  static Decoded<Published> decode(RecordId id, StreamEntry entry) {
    try (JsonParser json = WireJson.parse(entry.header())) {
      Capture capture = new Draft().read(json).capture(Body.of(entry.payload()));
      return new Decoded.Whole<>(new RecordOnly(id, capture));
    } catch (IOException e) {
      return new Decoded.Malformed<>(WireJson.reasonOf(e), null);
    }
  }

  private static byte[] header(Capture capture) {
    try (ByteArrayBuilder out = new ByteArrayBuilder(TYPICAL_HEADER_BYTES)) {
      try (JsonGenerator json = WireJson.FACTORY.createGenerator(out)) {
        json.writeStartObject();
        json.writeNumberField("v", VERSION);
        json.writeStringField("url", capture.url());
        json.writeStringField("request", capture.requestHead());
        json.writeStringField("head", capture.responseHead());
        json.writeStringField("ip", capture.ip());
        json.writeNumberField("begun", capture.begunAt().toEpochMilli());
        if (capture.unchanged()) {
          json.writeBooleanField("unchanged", true);
        }
        if (capture.truncation() != null) {
          json.writeStringField("truncated", capture.truncation().word());
        }
        json.writeEndObject();
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a record", e);
    }
  }

  /** A capture while it is being read. */
  private static final class Draft {
    private int version;
    private @Nullable String url;
    private @Nullable String requestHead;
    private @Nullable String responseHead;
    private @Nullable String ip;
    private @Nullable Instant begunAt;
    private boolean unchanged;
    private @Nullable Truncation truncation;

    Draft read(JsonParser json) throws IOException {
      WireJson.eachField(json, this::readField);
      return this;
    }

    private void readField(JsonParser json, String key) throws IOException {
      switch (key) {
        case "v" -> version = WireJson.smallNumber(json, key, 1, VERSION);
        case "url" -> url = WireJson.url(json, key);
        case "request" -> requestHead = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "head" -> responseHead = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "ip" -> ip = WireJson.text(json, key, 64);
        case "begun" -> begunAt = Instant.ofEpochMilli(WireJson.number(json, key, 0, 1L << 52));
        case "unchanged" -> unchanged = WireJson.flag(json, key);
        case "truncated" -> truncation = truncation(json, key);
        default -> json.skipChildren();
      }
    }

    private static Truncation truncation(JsonParser json, String key) throws IOException {
      Truncation truncation = Truncation.ofWord(WireJson.text(json, key, 16));
      if (truncation == null) {
        throw new Unreadable(key + " is not a reason");
      }
      return truncation;
    }

    Capture capture(Body body) throws IOException {
      required(version == 0 ? null : version, "v");
      return new Capture(
          required(url, "url"),
          required(requestHead, "request"),
          required(responseHead, "head"),
          required(ip, "ip"),
          required(begunAt, "begun"),
          unchanged,
          truncation,
          body);
    }
  }
}
