package io.sluice.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * What people said of a seed, and what goes on to all that is found from there. Immutable.
 *
 * @param priority how soon its turn comes
 * @param tag a word of the operator's own, as {@link #isTag} has it; null for none
 */
public record Labels(Priority priority, @Nullable String tag) {

  /** Characters of a tag at most. */
  public static final int MAX_TAG = 64;

  /** Usual priority, no tag. */
  public static final Labels NONE = new Labels(Priority.NORMAL, null);

  public Labels {
    if (tag != null && !isTag(tag)) {
      throw new IllegalArgumentException("no tag: " + tag);
    }
  }

  /** Whether a text is 1 to 64 ASCII letters, digits, dots, underscores and hyphens. */
  public static boolean isTag(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MAX_TAG;
  }

  /**
   * The labels of the links on a page with these: the same tag; the usual priority, for it is the
   * page that was wanted sooner, unless the page's was lower.
   */
  public Labels ofLinks() {
    return priority.compareTo(Priority.NORMAL) >= 0 ? this : new Labels(Priority.NORMAL, tag);
  }
}
