package io.sluice.core.message;

import static io.sluice.core.message.WireJson.required;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.message.WireJson.Unreadable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes pages as stream entries, and decodes them, version 2 (docs/wire-protocol.md). The body's
 * array is used as it is, without a copy. Thread-safe: stateless.
 */
public final class PageCodec {

  /** The version that is written; version 1 had no {@code head} and no status above 599. */
  static final int VERSION = 2;

  /** Maximum number of a page's redirects. */
  public static final int MAX_REDIRECTS = 100;

  /** Maximum number of a page's response fields. */
  public static final int MAX_HEADERS = 10_000;

  private static final int TYPICAL_HEADER_BYTES = 2048;

  private PageCodec() {}

  /** The entry that carries {@code page}; shares the body's array. */
  public static StreamEntry encode(Page page) {
    return StreamEntry.of(page.lease(), header(page), page.body().bytes());
  }

  /** Reads an entry; never throws. The page shares the payload's array. */
  public static Decoded<Page> decode(StreamEntry entry) {
    LeaseId lease = entry.leaseId();
    if (lease == null) {
      return new Decoded.Malformed<>("no lease", null);
    }
    try (JsonParser json = WireJson.parse(entry.header())) {
      return new Decoded.Whole<>(new Draft().read(json).page(lease, Body.of(entry.payload())));
    } catch (IOException e) {
      return new Decoded.Malformed<>(WireJson.reasonOf(e), lease);
    }
  }

  private static byte[] header(Page page) {
    try (ByteArrayBuilder out = new ByteArrayBuilder(TYPICAL_HEADER_BYTES)) {
      try (JsonGenerator json = WireJson.FACTORY.createGenerator(out)) {
        json.writeStartObject();
        json.writeNumberField("v", VERSION);
        json.writeStringField("url", page.url());
        json.writeStringField("via", page.via());
        json.writeArrayFieldStart("redirects");
        for (String redirect : page.redirects()) {
          json.writeString(redirect);
        }
        json.writeEndArray();
        json.writeNumberField("depth", page.depth());
        WireJson.writeLabels(json, page.labels());
        json.writeNumberField("attempt", page.attempt());
        json.writeStringField("protocol", page.protocol());
        json.writeNumberField("status", page.status());
        json.writeStringField("reason", page.statusText());
        json.writeStringField("request", page.requestHead());
        json.writeArrayFieldStart("headers");
        for (Header header : page.headers()) {
          json.writeStartArray();
          json.writeString(header.name());
          json.writeString(header.value());
          json.writeEndArray();
        }
        json.writeEndArray();
        json.writeStringField("head", page.responseHead());
        json.writeStringField("ip", page.ip());
        json.writeNumberField("begun", page.begunAt().toEpochMilli());
        json.writeNumberField("at", page.fetchedAt().toEpochMilli());
        json.writeNumberField("took", page.fetchMillis());
        json.writeBooleanField("truncated", page.truncated());
        json.writeEndObject();
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a page", e);
    }
  }

  /** A page while it is being read. */
  private static final class Draft {
    private int version;
    private @Nullable String url;
    private @Nullable String via;
    private List<String> redirects = List.of();
    private int depth = -1;
    private Priority priority = Priority.NORMAL;
    private @Nullable String tag;
    private int attempt = 1;
    private String protocol = "HTTP/1.1";
    private int status;
    private String statusText = "";
    private String requestHead = "";
    private List<Header> headers = List.of();
    private String responseHead = "";
    private @Nullable String ip;
    private @Nullable Instant begunAt;
    private @Nullable Instant fetchedAt;
    private long fetchMillis;
    private boolean truncated;

    Draft read(JsonParser json) throws IOException {
      WireJson.eachField(json, this::readField);
      return this;
    }

    private void readField(JsonParser json, String key) throws IOException {
      switch (key) {
        case "v" -> version = WireJson.smallNumber(json, key, 1, VERSION);
        case "url" -> url = WireJson.url(json, key);
        case "via" -> via = WireJson.textOrNull(json, key, WireJson.MAX_URL_CHARS);
        case "redirects" -> redirects = WireJson.urls(json, key, MAX_REDIRECTS);
        case "depth" -> depth = WireJson.smallNumber(json, key, 0, Integer.MAX_VALUE);
        case "priority" -> priority = WireJson.priority(json, key);
        case "tag" -> tag = WireJson.tag(json, key);
        case "attempt" -> attempt = WireJson.smallNumber(json, key, 1, Integer.MAX_VALUE);
        case "protocol" -> protocol = WireJson.text(json, key, 16);
        case "status" -> status = WireJson.smallNumber(json, key, 200, 999);
        case "reason" -> statusText = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "request" -> requestHead = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "headers" -> headers = readHeaders(json);
        case "head" -> responseHead = WireJson.text(json, key, WireJson.MAX_HEADER_BYTES);
        case "ip" -> ip = WireJson.text(json, key, 64);
        case "begun" -> begunAt = Instant.ofEpochMilli(WireJson.number(json, key, 0, 1L << 52));
        case "at" -> fetchedAt = Instant.ofEpochMilli(WireJson.number(json, key, 0, 1L << 52));
        case "took" -> fetchMillis = WireJson.number(json, key, 0, Long.MAX_VALUE);
        case "truncated" -> truncated = WireJson.flag(json, key);
        default -> json.skipChildren();
      }
    }

    private static List<Header> readHeaders(JsonParser json) throws IOException {
      WireJson.openArray(json, "headers");
      List<Header> headers = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (headers.size() == MAX_HEADERS) {
          throw new Unreadable("headers has more than " + MAX_HEADERS + " entries");
        }
        WireJson.openArray(json, "header");
        json.nextToken();
        String name = WireJson.text(json, "header name", WireJson.MAX_HEADER_BYTES);
        json.nextToken();
        String value = WireJson.text(json, "header value", WireJson.MAX_HEADER_BYTES);
        if (json.nextToken() != JsonToken.END_ARRAY) {
          throw new Unreadable("header is not a pair");
        }
        headers.add(new Header(name, value));
      }
      return headers;
    }

    Page page(LeaseId lease, Body body) throws IOException {
      required(version == 0 ? null : version, "v");
      return new Page(
          lease,
          required(url, "url"),
          via,
          redirects,
          required(depth < 0 ? null : depth, "depth"),
          new Labels(priority, tag),
          attempt,
          protocol,
          required(status == 0 ? null : status, "status"),
          statusText,
          requestHead,
          headers,
          responseHead,
          required(ip, "ip"),
          begunAt == null ? required(fetchedAt, "at") : begunAt, // older fetchers send the end
          required(fetchedAt, "at"),
          fetchMillis,
          truncated,
          body);
    }
  }
}
