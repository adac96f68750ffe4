package io.sluice.parser.language;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;
import org.jspecify.annotations.Nullable;

/**
 * Detects the language of a text. It looks at a part of limited length from the middle, since a
 * page's navigation stands around its content, and gives no result if the part is short or two
 * languages are nearly as likely. Each worker has its own; they share one model, which is loaded
 * when the first is made. Confined to its worker's thread.
 */
public final class LanguageDetector {

  /** Heap taken by the model, in bytes: 29 MiB were measured. It is loaded once in a process. */
  public static final long MODEL_BYTES = 32 << 20;

  /** Maximum length of the part that is looked at, in characters. */
  static final int MAX_PART = 2_000;

  /** Minimum number of letters in that part; below it, one language is easily taken for another. */
  static final int LEAST_LETTERS = 60;

  /** The same for text in ideographs and syllables, of which each tells more. */
  static final int LEAST_IDEOGRAPHS = 20;

  /** How many times as likely as the next language the detected one must be. */
  private static final double LEAST_LEAD = 1.5;

  private static final String MODEL = "/langdetect-183.bin";

  private final LanguageDetectorME detector = new LanguageDetectorME(Model.SHARED);

  /**
   * Creates a detector; the first one in a process loads the model, in about a second.
   *
   * @throws ExceptionInInitializerError if the model is not on the class path
   */
  public LanguageDetector() {}

  /** Holds the model, and loads it when it is first used. */
  private static final class Model {
    private static final LanguageDetectorModel SHARED = load();

    private static LanguageDetectorModel load() {
      try (InputStream in = LanguageDetectorModel.class.getResourceAsStream(MODEL)) {
        if (in == null) {
          throw new IllegalStateException("the model of languages is missing: " + MODEL);
        }
        return new LanguageDetectorModel(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The language as a BCP 47 tag, such as {@code en}; null if it is not clear. */
  public @Nullable String detect(String text) {
    String part = middle(text);
    if (!isEnough(part)) {
      return null;
    }
    Language[] languages = detector.predictLanguages(part);
    boolean clear = languages[0].getConfidence() >= LEAST_LEAD * languages[1].getConfidence();
    return clear ? LanguageTags.of(languages[0].getLang()) : null;
  }

  private static String middle(String text) {
    if (text.length() <= MAX_PART) {
      return text;
    }
    int from = (text.length() - MAX_PART) / 2;
    return text.substring(from, from + MAX_PART);
  }

  private static boolean isEnough(String part) {
    int letters = 0;
    int ideographs = 0;
    for (int at = 0; at < part.length(); at++) {
      char c = part.charAt(at);
      if (Character.isLetter(c)) {
        letters++;
        ideographs += isIdeograph(c) ? 1 : 0;
      }
    }
    return letters >= LEAST_LETTERS || ideographs >= LEAST_IDEOGRAPHS;
  }

  /** Whether a letter is Chinese, Japanese or Korean. */
  private static boolean isIdeograph(char c) {
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL -> true;
      default -> false;
    };
  }
}
