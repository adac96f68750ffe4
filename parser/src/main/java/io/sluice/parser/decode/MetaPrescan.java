package io.sluice.parser.decode;

import io.sluice.parser.encoding.Encoding;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The HTML standard's "prescan a byte stream to determine its encoding" (13.2.3.2) over the first
 * 1024 bytes, and after it the encoding of an XML declaration. One instance serves one document.
 * Confined to its caller's thread.
 */
final class MetaPrescan {

  private static final int PRESCAN_BYTES = 1024;
  private static final int END = -1;

  private final byte[] bytes;
  private final int end;
  private int at;

  private String name = "";
  private String value = "";

  private MetaPrescan(byte[] bytes, int size) {
    this.bytes = bytes;
    this.end = Math.min(size, PRESCAN_BYTES);
  }

  /** The encoding that the document declares; null if it declares none. */
  static @Nullable Encoding prescan(byte[] bytes, int size) {
    return new MetaPrescan(bytes, size).run();
  }

  /** The encoding that an XML document's declaration names; null if it names none. */
  static @Nullable Encoding ofXml(byte[] bytes, int size) {
    MetaPrescan prescan = new MetaPrescan(bytes, size);
    Encoding wide = prescan.utf16();
    return wide == null ? prescan.xmlEncoding() : wide;
  }

  /** The UTF-16 encoding whose byte order the XML declaration shows; null if it is not UTF-16. */
  private @Nullable Encoding utf16() {
    if (startsWith("<\0?\0x\0")) {
      return Encoding.UTF_16LE;
    }
    return startsWith("\0<\0?\0x") ? Encoding.UTF_16BE : null;
  }

  private @Nullable Encoding run() {
    Encoding wide = utf16();
    if (wide != null) {
      return wide;
    }
    for (; at < end; at++) {
      if (bytes[at] != '<') {
        continue;
      }
      if (startsWith("<!--")) {
        skipComment();
      } else if (startsWith("<meta") && isSpaceOrSlash(peek(5))) {
        at += 5;
        Encoding encoding = meta();
        if (encoding != null) {
          return encoding;
        }
      } else if (isAlpha(peek(1)) || (peek(1) == '/' && isAlpha(peek(2)))) {
        skipTag();
      } else if (peek(1) == '!' || peek(1) == '/' || peek(1) == '?') {
        skipTo('>');
      }
    }
    return xmlEncoding();
  }

  private void skipComment() {
    for (int i = at + 4; i < end; i++) {
      if (bytes[i] == '>' && bytes[i - 1] == '-' && bytes[i - 2] == '-') {
        at = i;
        return;
      }
    }
    at = end;
  }

  private void skipTag() {
    while (at < end && !isSpace(bytes[at]) && bytes[at] != '>') {
      at++;
    }
    while (nextAttribute()) {
      // its attributes only need to be skipped
    }
  }

  private void skipTo(char wanted) {
    while (at < end && bytes[at] != wanted) {
      at++;
    }
  }

  /** Reads the attributes of a meta element; null if they name no encoding. */
  private @Nullable Encoding meta() {
    Set<String> seen = new HashSet<>();
    boolean gotPragma = false;
    boolean needPragma = false;
    boolean fromCharset = false;
    Encoding charset = null;
    while (nextAttribute()) {
      if (!seen.add(name)) {
        continue;
      }
      switch (name) {
        case "http-equiv" -> gotPragma |= value.equals("content-type");
        case "content" -> {
          Encoding named = MetaCharset.ofContent(value);
          if (named != null && charset == null && !fromCharset) {
            charset = named;
            needPragma = true;
          }
        }
        case "charset" -> {
          charset = Encoding.ofLabel(value);
          fromCharset = true;
          needPragma = false;
        }
        default -> {}
      }
    }
    // An attribute that is cut off by the window's end does not count.
    if (at >= end || charset == null || (needPragma && !gotPragma)) {
      return null;
    }
    return MetaCharset.readable(charset);
  }

  /** The standard's "get an attribute": fills name and value; false at the tag's end. */
  private boolean nextAttribute() {
    while (at < end && isSpaceOrSlash(bytes[at])) {
      at++;
    }
    if (at >= end || bytes[at] == '>') {
      return false;
    }
    value = "";
    int start = at;
    while (at < end && !(bytes[at] == '=' && at > start) && !endsName(bytes[at])) {
      at++;
    }
    name = lower(start, at);
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    if (peek(0) != '=') {
      return true;
    }
    at++;
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    int quote = peek(0);
    if (quote == '"' || quote == '\'') {
      int from = ++at;
      skipTo((char) quote);
      value = lower(from, at);
      at++;
    } else {
      int from = at;
      while (at < end && !isSpace(bytes[at]) && bytes[at] != '>') {
        at++;
      }
      value = lower(from, at);
    }
    return true;
  }

  /** The standard's "get an XML encoding". */
  private @Nullable Encoding xmlEncoding() {
    at = 0;
    if (!startsWith("<?xml")) {
      return null;
    }
    String text = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    int close = text.indexOf('>');
    int word = text.indexOf("encoding");
    if (close < 0 || word < 0 || word > close) {
      return null;
    }
    int i = pastControls(text, word + 8);
    if (i >= close || text.charAt(i) != '=') {
      return null;
    }
    i = pastControls(text, i + 1);
    if (i >= close || (text.charAt(i) != '"' && text.charAt(i) != '\'')) {
      return null;
    }
    int quote = text.indexOf(text.charAt(i), i + 1);
    if (quote < 0) {
      return null;
    }
    String label = text.substring(i + 1, quote);
    if (label.chars().anyMatch(c -> c <= ' ')) {
      return null;
    }
    Encoding declared = Encoding.ofLabel(label);
    return declared == null ? null : MetaCharset.readable(declared);
  }

  private static int pastControls(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) <= ' ') {
      i++;
    }
    return i;
  }

  /** Whether the bytes from here spell {@code ascii}; its letters match both cases. */
  private boolean startsWith(String ascii) {
    if (end - at < ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      char wanted = ascii.charAt(i);
      int found = bytes[at + i];
      if (found != wanted && !(isAlpha(wanted) && (found | 0x20) == wanted)) {
        return false;
      }
    }
    return true;
  }

  private int peek(int ahead) {
    return at + ahead < end ? bytes[at + ahead] : END;
  }

  private String lower(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
  }

  private static boolean endsName(int b) {
    return isSpaceOrSlash(b) || b == '>';
  }

  private static boolean isSpaceOrSlash(int b) {
    return isSpace(b) || b == '/';
  }

  private static boolean isSpace(int b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\f' || b == '\r';
  }

  private static boolean isAlpha(int b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }
}
