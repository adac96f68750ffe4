package io.sluice.parser.warc;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Builds the head of one WARC record (WARC 1.1, 4 and 5). Confined to its sink's thread. */
final class WarcRecord {

  private final StringBuilder head = new StringBuilder(512);

  private WarcRecord(String type) {
    head.append("WARC/1.1\r\n");
    field("WARC-Type", type);
  }

  static WarcRecord ofType(String type) {
    return new WarcRecord(type);
  }

  /** Appends a named field; line breaks in its value become spaces. */
  WarcRecord field(String name, String value) {
    head.append(name).append(": ");
    appendLine(head, value);
    head.append("\r\n");
    return this;
  }

  /** Appends a field that names a record. */
  WarcRecord id(String name, UUID id) {
    head.append(name).append(": <urn:uuid:").append(id).append(">\r\n");
    return this;
  }

  /** Ends the head and returns it. */
  byte[] end(long contentLength) {
    head.append("Content-Length: ").append(contentLength).append("\r\n\r\n");
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Appends text with its line breaks replaced by spaces. */
  static void appendLine(StringBuilder to, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      to.append(c == '\r' || c == '\n' ? ' ' : c);
    }
  }
}
