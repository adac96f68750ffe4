package io.sluice.core.config;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the word that was probably meant. Stateless. */
public final class Nearest {

  private static final int LONGEST = 64;

  private Nearest() {}

  /**
   * The candidate with the fewest letters inserted, deleted, replaced or swapped; null if more than
   * a third of the word would have to change, or the word is longer than any key.
   */
  public static @Nullable String to(String word, Collection<String> candidates) {
    if (word.length() > LONGEST) {
      return null;
    }
    int bound = Math.max(1, word.length() / 3);
    String best = null;
    for (String candidate : candidates) {
      int distance = distance(word, candidate);
      if (distance <= bound) {
        best = candidate;
        bound = distance - 1;
      }
    }
    return best;
  }

  /** Optimal string alignment distance, computed with three rows of its table. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
