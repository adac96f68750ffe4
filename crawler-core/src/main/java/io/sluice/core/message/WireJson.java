package io.sluice.core.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Priority;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of message headers, read strictly. Thread-safe: holds constants only. */
final class WireJson {

  /** The only version of outcomes. */
  static final int VERSION = 1;

  /** Maximum size of a header in UTF-8. */
  static final int MAX_HEADER_BYTES = 4 << 20;

  /** Maximum length of a URL in characters; {@code scope.max-url-length} is far below this. */
  static final int MAX_URL_CHARS = 1 << 16;

  private static final int MAX_WORD_CHARS = 64;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(3)
                  .maxStringLength(MAX_HEADER_BYTES)
                  .maxNumberLength(20)
                  .build())
          .build();

  private WireJson() {}

  /** Why a message cannot be read; caught where it is decoded. */
  static final class Unreadable extends IOException {
    Unreadable(String reason) {
      super(reason);
    }
  }

  static JsonParser parse(byte[] header) throws IOException {
    if (header.length == 0) {
      throw new Unreadable("no header");
    }
    if (header.length > MAX_HEADER_BYTES) {
      throw new Unreadable("header is too long: " + header.length + " bytes");
    }
    JsonParser json = FACTORY.createParser(header);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      json.close();
      throw new Unreadable("header is not an object");
    }
    return json;
  }

  /** The current value as text of at most {@code maxChars} characters. */
  static String text(JsonParser json, String key, int maxChars) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new Unreadable(key + " is not a string");
    }
    String text = json.getText();
    if (text.length() > maxChars) {
      throw new Unreadable(key + " is too long: " + text.length() + " characters");
    }
    return text;
  }

  static @Nullable String textOrNull(JsonParser json, String key, int maxChars) throws IOException {
    return json.currentToken() == JsonToken.VALUE_NULL ? null : text(json, key, maxChars);
  }

  static String url(JsonParser json, String key) throws IOException {
    String url = text(json, key, MAX_URL_CHARS);
    if (url.isEmpty()) {
      throw new Unreadable(key + " is empty");
    }
    return url;
  }

  /** The current value as a whole number from {@code min} to {@code max}. */
  static long number(JsonParser json, String key, long min, long max) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new Unreadable(key + " is not a whole number");
    }
    long number = json.getLongValue();
    if (number < min || number > max) {
      throw new Unreadable(key + " is out of range");
    }
    return number;
  }

  static int smallNumber(JsonParser json, String key, int min, int max) throws IOException {
    return (int) number(json, key, min, max);
  }

  static boolean flag(JsonParser json, String key) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new Unreadable(key + " is not true or false");
    };
  }

  /** Writes labels; default values are left out. */
  static void writeLabels(JsonGenerator json, Labels labels) throws IOException {
    if (labels.priority() != Priority.NORMAL) {
      json.writeStringField("priority", labels.priority().word());
    }
    if (labels.tag() != null) {
      json.writeStringField("tag", labels.tag());
    }
  }

  /**
   * Writes a page's version unless it is null, without the validators that the server did not send.
   */
  static void writeVersion(JsonGenerator json, @Nullable PageVersion version) throws IOException {
    if (version == null) {
      return;
    }
    if (version.validators().etag() != null) {
      json.writeStringField("etag", version.validators().etag());
    }
    if (version.validators().lastModified() != null) {
      json.writeStringField("modified", version.validators().lastModified());
    }
    json.writeStringField("digest", HexFormat.of().toHexDigits(version.digest()));
  }

  /** The current value as 64 bits in 16 hexadecimal digits. */
  static long digest(JsonParser json, String key) throws IOException {
    String digits = text(json, key, 16);
    if (digits.length() != 16 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw new Unreadable(key + " is not 16 hexadecimal digits");
    }
    return HexFormat.fromHexDigitsToLong(digits);
  }

  static Priority priority(JsonParser json, String key) throws IOException {
    Priority priority = Priority.ofWord(text(json, key, MAX_WORD_CHARS));
    if (priority == null) {
      throw new Unreadable(key + " is not a known priority");
    }
    return priority;
  }

  static @Nullable String tag(JsonParser json, String key) throws IOException {
    String tag = textOrNull(json, key, Labels.MAX_TAG);
    if (tag != null && !Labels.isTag(tag)) {
      throw new Unreadable(key + " is not a valid tag");
    }
    return tag;
  }

  static List<String> urls(JsonParser json, String key, int maxCount) throws IOException {
    openArray(json, key);
    List<String> urls = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (urls.size() == maxCount) {
        throw new Unreadable(key + " has more than " + maxCount + " entries");
      }
      urls.add(url(json, key));
    }
    return urls;
  }

  static void openArray(JsonParser json, String key) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new Unreadable(key + " is not an array");
    }
  }

  /** Reads the parser's current value. */
  @FunctionalInterface
  interface FieldReader {
    void read(JsonParser json, String key) throws IOException;
  }

  /** Hands each field of a header to a reader; nothing may follow the header's object. */
  static void eachField(JsonParser json, FieldReader reader) throws IOException {
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      json.nextToken();
      reader.read(json, key);
    }
    if (json.nextToken() != null) {
      throw new Unreadable("data follows the header");
    }
  }

  /** Returns the value; throws if the header does not contain it. */
  static <T> T required(@Nullable T value, String key) throws Unreadable {
    if (value == null) {
      throw new Unreadable(key + " is missing");
    }
    return value;
  }

  /** Why decoding failed, without any of the entry's own text. */
  static String reasonOf(IOException e) {
    return e instanceof Unreadable ? String.valueOf(e.getMessage()) : "header is not valid JSON";
  }
}
