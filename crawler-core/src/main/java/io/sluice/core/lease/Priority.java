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
  /** When nothing else waits. */
  LOW;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The priority as settings, messages and logs spell it: {@code urgent}. */
  public String word() {
    return word;
  }

  /** The priority that {@link #word} spells this way; null if there is none. */
  public static @Nullable Priority ofWord(String word) {
    for (Priority priority : values()) {
      if (priority.word.equals(word)) {
        return priority;
      }
    }
    return null;
  }
}
