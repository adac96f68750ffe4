package io.sluice.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * Labels that users give to a seed, and that are inherited by every URL found from it. Immutable.
 *
 * @param priority how early the URL is fetched, compared with others of its host
 * @param tag a word of the user's own, see {@link #isTag}; null for none
 */
public record Labels(Priority priority, @Nullable String tag) {

  /** Maximum length of a tag. */
  public static final int MAX_TAG = 64;

  /** Normal priority, no tag. */
  public static final Labels NONE = new Labels(Priority.NORMAL, null);

  public Labels {
    if (tag != null && !isTag(tag)) {
      throw new IllegalArgumentException(
          "not a tag (at most "
              + MAX_TAG
              + " letters, digits, dots, underscores and hyphens): "
              + tag);
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
   * The labels of links on a page with these labels: the same tag, and normal priority unless the
   * page's is lower, since a higher priority applies only to the page itself.
   */
  public Labels ofLinks() {
    return priority.compareTo(Priority.NORMAL) >= 0 ? this : new Labels(Priority.NORMAL, tag);
  }
}
