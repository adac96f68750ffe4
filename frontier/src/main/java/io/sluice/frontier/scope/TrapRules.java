package io.sluice.frontier.scope;

import io.sluice.core.config.ScopeSettings;
import io.sluice.core.url.Url;
import org.jspecify.annotations.Nullable;

/**
 * Recognises crawler traps by a URL's shape: too long a path, a path that repeats itself, too many
 * parameters. Traps that only content would show, such as an endless calendar, are left to the
 * budgets. Allocates nothing. Confined to its shard's thread.
 *
 * <p>A segment is the text between two slashes of the path, or after the last slash unless that is
 * empty. A parameter is the non-empty text between two ampersands of the query.
 */
final class TrapRules {

  private final ScopeSettings.Traps bounds;

  /**
   * Where the segments of the current URL begin in its text; one more entry marks the end of the
   * last.
   */
  private final int[] starts;

  TrapRules(ScopeSettings.Traps bounds) {
    this.bounds = bounds;
    this.starts = new int[bounds.maxPathSegments() + 1];
  }

  /** The bound that a URL breaks; null if none. */
  @Nullable Refusal decide(Url url) {
    int segments = split(url);
    if (segments > bounds.maxPathSegments()) {
      return Refusal.TOO_MANY_SEGMENTS;
    }
    if (isCircular(url.href(), segments)) {
      return Refusal.REPEATED_SEGMENTS;
    }
    return parameters(url) > bounds.maxQueryParameters() ? Refusal.TOO_MANY_PARAMETERS : null;
  }

  /** Finds where segments begin, and returns their number, at most one more than the bound. */
  private int split(Url url) {
    String href = url.href();
    int segments = 0;
    int slash = url.pathStart();
    while (slash + 1 < url.pathEnd()) {
      if (segments == bounds.maxPathSegments()) {
        return segments + 1;
      }
      starts[segments++] = slash + 1;
      int next = href.indexOf('/', slash + 1, url.pathEnd());
      slash = next < 0 ? url.pathEnd() : next;
    }
    starts[segments] = slash + 1;
    return segments;
  }

  /**
   * Whether some group of segments occurs more often in a row than allowed. A group of {@code size}
   * that occurs {@code n + 1} times in a row means {@code size * n} consecutive segments that each
   * equal the one {@code size} further on.
   */
  private boolean isCircular(String href, int segments) {
    int allowed = bounds.maxRepeatedSegments();
    for (int size = 1; size * (allowed + 1) <= segments; size++) {
      int equal = 0;
      for (int at = 0; at + size < segments && equal < size * allowed; at++) {
        equal = equal(href, at, at + size) ? equal + 1 : 0;
      }
      if (equal == size * allowed) {
        return true;
      }
    }
    return false;
  }

  private boolean equal(String href, int one, int other) {
    int length = starts[one + 1] - starts[one];
    return length == starts[other + 1] - starts[other]
        && href.regionMatches(starts[one], href, starts[other], length - 1);
  }

  private static int parameters(Url url) {
    String href = url.href();
    int count = 0;
    for (int from = url.pathEnd() + 1; from < href.length(); ) {
      int next = href.indexOf('&', from);
      int end = next < 0 ? href.length() : next;
      count += end > from ? 1 : 0;
      from = end + 1;
    }
    return count;
  }
}
