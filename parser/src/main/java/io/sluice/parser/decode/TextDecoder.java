package io.sluice.parser.decode;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import io.sluice.parser.decode.DecodedText.Source;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a document in the order of the HTML standard (13.2.3.2): byte order mark, HTTP's charset,
 * meta prescan; where they are silent, UTF-8 if the bytes are valid UTF-8, else a guess by
 * statistics, else windows-1252. Malformed bytes become U+FFFD. Thread-safe: stateless.
 */
public final class TextDecoder {

  private static final int SAMPLE_BYTES = 16 << 10;

  /** ICU's confidence, of 100, below which its guess is no better than windows-1252. */
  private static final int MIN_CONFIDENCE = 30;

  private static final char REPLACEMENT = '\uFFFD';

  private TextDecoder() {}

  /**
   * Decodes a body.
   *
   * @param httpCharset the charset parameter of Content-Type; null where there is none
   */
  public static DecodedText decode(DecodedBody body, @Nullable String httpCharset) {
    byte[] bytes = body.bytes();
    int size = body.size();
    if (size >= 3 && at(bytes, 0) == 0xEF && at(bytes, 1) == 0xBB && at(bytes, 2) == 0xBF) {
      return text(bytes, 3, size, Encoding.UTF_8, Source.BOM);
    }
    if (size >= 2 && at(bytes, 0) == 0xFE && at(bytes, 1) == 0xFF) {
      return text(bytes, 2, size, Encoding.UTF_16BE, Source.BOM);
    }
    if (size >= 2 && at(bytes, 0) == 0xFF && at(bytes, 1) == 0xFE) {
      return text(bytes, 2, size, Encoding.UTF_16LE, Source.BOM);
    }
    Encoding declared = httpCharset == null ? null : Encoding.ofLabel(httpCharset);
    if (declared != null) {
      return text(bytes, 0, size, declared, Source.HTTP);
    }
    declared = MetaPrescan.prescan(bytes, size);
    if (declared != null) {
      return text(bytes, 0, size, declared, Source.META);
    }
    return undeclared(bytes, size);
  }

  private static DecodedText undeclared(byte[] bytes, int size) {
    String utf8 = new String(bytes, 0, size, StandardCharsets.UTF_8);
    // Only a text with replacements needs the slow, exact check.
    if (utf8.indexOf(REPLACEMENT) < 0 || isValidUtf8(bytes, size)) {
      return new DecodedText(utf8, Encoding.UTF_8, Source.VALID_UTF_8);
    }
    return text(bytes, 0, size, guess(bytes, size), Source.GUESS);
  }

  /** Strictly, but for a character that the body's end cut in two. */
  private static boolean isValidUtf8(byte[] bytes, int size) {
    CharBuffer sink = CharBuffer.allocate(size);
    return !StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes, 0, size), sink, false)
        .isError();
  }

  private static Encoding guess(byte[] bytes, int size) {
    CharsetDetector detector = new CharsetDetector();
    detector.enableInputFilter(true);
    detector.setText(Arrays.copyOf(bytes, Math.min(size, SAMPLE_BYTES)));
    CharsetMatch match = detector.detect();
    if (match == null || match.getConfidence() < MIN_CONFIDENCE) {
      return Encoding.WINDOWS_1252;
    }
    Encoding guessed = Encoding.ofLabel(match.getName());
    return guessed == null || guessed.equals(Encoding.UTF_8) ? Encoding.WINDOWS_1252 : guessed;
  }

  private static DecodedText text(
      byte[] bytes, int from, int size, Encoding encoding, Source source) {
    return new DecodedText(
        new String(bytes, from, size - from, encoding.charset()), encoding, source);
  }

  private static int at(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }
}
