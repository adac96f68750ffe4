package io.sluice.frontier.scope;

import io.sluice.core.config.ScopeSettings;
import io.sluice.core.url.Url;
import org.jspecify.annotations.Nullable;

/**
 * Tells by a URL's shape that a site makes URLs without end: too long a path, a path that goes
 * round in a circle, too many parameters. What only its content would tell, such as a calendar that
 * never ends, is left to the budgets. Allocates nothing. Confined to its shard's thread.
 *
 * <p>A segment is what stands between two slashes of the path, or behind the last one unless that
 * is nothing. A parameter is what stands between two ampersands of the query unless that is
 * nothing.
 */
final class TrapRules {

  private final ScopeSettings.Traps bounds;

  /** Where the segments of the URL at hand begin in its text; the entry behind the last ends it. */
  private final int[] starts;

  TrapRules(ScopeSettings.Traps bounds) {
    this.bounds = bounds;
    this.starts = new int[bounds.maxPathSegments() + 1];
  }

  /** Which bound a URL breaks; null if none. */
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

  /**
   * Finds where segments begin, and returns how many there are: one more than the bound at most.
   */
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
   * Whether some group of segments stands more often in a row than allowed. A group of {@code size}
   * that stands {@code n + 1} times in a row means {@code size * n} segments, one after the other,
   * that each equal the one {@code size} further on.
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
