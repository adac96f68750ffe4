package io.sluice.core.lease;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How soon a URL's turn comes among those of its host, soonest first. */
public enum Priority {
  /** Before all others. */
  URGENT,
  /** Before normal ones. */
  HIGH,
  /** The default. */
  NORMAL,
  /** Only when no other URL is waiting. */
  LOW;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The priority as settings, messages and logs spell it: {@code urgent}. */
  public String word() {
    return word;
  }

  /** The priority with the given {@link #word}; null if there is none. */
  public static @Nullable Priority ofWord(String word) {
    for (Priority priority : values()) {
      if (priority.word.equals(word)) {
        return priority;
      }
    }
    return null;
  }
}
