package io.sluice.parser.decode;

import io.sluice.core.coding.DecodedBody;
import io.sluice.parser.decode.DecodedText.Source;
import io.sluice.parser.encoding.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a document. The encoding comes from the first of these that gives one: a byte order mark;
 * the charset in HTTP's Content-Type; the document itself, if its kind can declare one; UTF-8, if
 * the bytes are valid; statistics of the bytes; windows-1252. Malformed bytes become U+FFFD.
 * Thread-safe: stateless.
 */
public final class TextDecoder {

  private static final char REPLACEMENT = '\uFFFD';
  private static final char ESCAPE = '\u001B';

  private TextDecoder() {}

  /**
   * Decodes HTML (HTML standard, 13.2.3.2): a meta element in the first 1024 bytes may declare the
   * encoding. A later one is found when the page is parsed; then {@link #again} decodes it.
   *
   * @param httpCharset the charset parameter of Content-Type; null if there is none
   */
  public static DecodedText decode(DecodedBody body, @Nullable String httpCharset) {
    DecodedText told = told(body, httpCharset);
    if (told != null) {
      return told;
    }
    Encoding declared = MetaPrescan.prescan(body.bytes(), body.size());
    return declared == null ? undeclared(body) : text(body, 0, declared, Source.META);
  }

  /** Decodes HTML by the encoding that a later meta element declares (13.2.3.4). */
  public static DecodedText again(DecodedBody body, Encoding declared) {
    return text(body, 0, declared, Source.META);
  }

  /** Decodes XML (XML 1.0, 4.3.3): its declaration may name the encoding, else it is UTF-8. */
  public static DecodedText xml(DecodedBody body, @Nullable String httpCharset) {
    DecodedText told = told(body, httpCharset);
    if (told != null) {
      return told;
    }
    Encoding declared = MetaPrescan.ofXml(body.bytes(), body.size());
    return declared == null
        ? text(body, 0, Encoding.UTF_8, Source.VALID_UTF_8)
        : text(body, 0, declared, Source.META);
  }

  /** Decodes text that cannot declare its encoding. */
  public static DecodedText plain(DecodedBody body, @Nullable String httpCharset) {
    DecodedText told = told(body, httpCharset);
    return told == null ? undeclared(body) : told;
  }

  /** The text decoded by a byte order mark or HTTP's charset; null if there is neither. */
  private static @Nullable DecodedText told(DecodedBody body, @Nullable String httpCharset) {
    byte[] bytes = body.bytes();
    int size = body.size();
    if (size >= 3 && at(bytes, 0) == 0xEF && at(bytes, 1) == 0xBB && at(bytes, 2) == 0xBF) {
      return text(body, 3, Encoding.UTF_8, Source.BOM);
    }
    if (size >= 2 && at(bytes, 0) == 0xFE && at(bytes, 1) == 0xFF) {
      return text(body, 2, Encoding.UTF_16BE, Source.BOM);
    }
    if (size >= 2 && at(bytes, 0) == 0xFF && at(bytes, 1) == 0xFE) {
      return text(body, 2, Encoding.UTF_16LE, Source.BOM);
    }
    Encoding declared = httpCharset == null ? null : Encoding.ofLabel(httpCharset);
    return declared == null ? null : text(body, 0, declared, Source.HTTP);
  }

  private static DecodedText undeclared(DecodedBody body) {
    byte[] bytes = body.bytes();
    int size = body.size();
    String utf8 = Encoding.UTF_8.decode(bytes, 0, size);
    // Only a text with replacements needs the slow, exact check.
    if (utf8.indexOf(REPLACEMENT) < 0) {
      return utf8.indexOf(ESCAPE) >= 0 && EncodingGuess.isIso2022Jp(bytes, size)
          ? text(body, 0, Encoding.ISO_2022_JP, Source.GUESS)
          : new DecodedText(utf8, Encoding.UTF_8, Source.VALID_UTF_8);
    }
    Utf8Tally tally = Utf8Tally.of(bytes, size);
    if (tally.valid()) {
      return new DecodedText(utf8, Encoding.UTF_8, Source.VALID_UTF_8);
    }
    return tally.mostlyValid()
        ? new DecodedText(utf8, Encoding.UTF_8, Source.GUESS)
        : text(body, 0, EncodingGuess.of(bytes, size), Source.GUESS);
  }

  private static DecodedText text(DecodedBody body, int from, Encoding encoding, Source source) {
    return new DecodedText(encoding.decode(body.bytes(), from, body.size()), encoding, source);
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }
}
