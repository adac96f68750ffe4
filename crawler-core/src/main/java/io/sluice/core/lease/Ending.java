package io.sluice.core.lease;

import io.sluice.core.text.EnumWord;
import org.jspecify.annotations.Nullable;

/** How a URL's crawl ended. */
public enum Ending {
  /** Fetched, parsed and in the output, whatever the status code. */
  PAGE,
  /** Visited again and found unchanged (304): its earlier output is still valid. */
  UNCHANGED,
  /** Answered with a redirect; its target was offered. */
  REDIRECTED,
  /** Forbidden by robots.txt (RFC 9309), or its host's crawl delay exceeds the cap. */
  ROBOTS_DENIED,
  /** Refused before a request: out of scope, forbidden address or port. */
  REFUSED,
  /** Given up: every attempt failed, or the failure is permanent. */
  FAILED;

  private final String word = EnumWord.of(this);

  /** The ending as logs, metrics and messages spell it: {@code robots-denied}. */
  public String word() {
    return word;
  }

  /** The ending with the given {@link #word}; null if there is none. */
  public static @Nullable Ending ofWord(String word) {
    for (Ending ending : values()) {
      if (ending.word.equals(word)) {
        return ending;
      }
    }
    return null;
  }
}
