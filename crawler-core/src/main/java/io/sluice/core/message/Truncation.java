package io.sluice.core.message;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a response's body is not whole (WARC 1.1, 5.15). */
public enum Truncation {
  /** It was longer than the bound, and was cut there. */
  LENGTH,
  /** It took longer than a timeout allows. */
  TIME,
  /** The connection was lost before the body's end. */
  DISCONNECT,
  /** The body's framing was invalid. */
  UNSPECIFIED;

  /** The word for it on the wire and in WARC-Truncated. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason with the given {@link #word}; null if there is none. */
  static @Nullable Truncation ofWord(String word) {
    for (Truncation truncation : values()) {
      if (truncation.word().equals(word)) {
        return truncation;
      }
    }
    return null;
  }
}
