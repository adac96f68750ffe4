package io.sluice.parser.decode;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import io.sluice.parser.encoding.Encoding;

/** Guesses an encoding by statistics. Thread-safe: stateless. */
final class EncodingGuess {

  /** ICU's confidence, out of 100, below which its guess is no better than windows-1252. */
  private static final int MIN_CONFIDENCE = 30;

  private static final byte ESCAPE = 0x1B;

  private EncodingGuess() {}

  /** Guesses the encoding of a text that is known not to be UTF-8. */
  static Encoding of(byte[] bytes, int size) {
    byte[] sample = TextSample.of(bytes, size);
    if (sample.length == 0) {
      return Encoding.WINDOWS_1252; // only the markup has non-ASCII characters
    }
    CharsetDetector detector = new CharsetDetector();
    detector.setText(sample);
    for (CharsetMatch match : detector.detectAll()) {
      if (match.getConfidence() < MIN_CONFIDENCE) {
        break;
      }
      Encoding guessed = Encoding.ofLabel(match.getName());
      if (guessed != null && !guessed.name().startsWith("UTF")) {
        return guessed;
      }
    }
    return Encoding.WINDOWS_1252;
  }

  /**
   * Whether ASCII text is ISO-2022-JP: it switches to Japanese characters, and all of it can be
   * read.
   */
  static boolean isIso2022Jp(byte[] bytes, int size) {
    for (int i = 0; i + 2 < size; i++) {
      if (bytes[i] == ESCAPE
          && bytes[i + 1] == '$'
          && (bytes[i + 2] == 'B' || bytes[i + 2] == '@')) {
        return Encoding.ISO_2022_JP.decode(bytes, 0, size).indexOf('\uFFFD') < 0;
      }
    }
    return false;
  }
}
