package io.sluice.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * A server's names for a page's version, for later conditional requests (RFC 9110, 8.8). Since a
 * server may send anything, values that could not be sent back unchanged are not kept. Immutable.
 *
 * @param etag the entity tag as received, weak or strong, quotes included; null for none
 * @param lastModified the Last-Modified date as received; null for none
 */
public record Validators(@Nullable String etag, @Nullable String lastModified) {

  /** Maximum length of an entity tag; a longer one counts as none. */
  public static final int MAX_ETAG = 256;

  /** Maximum length of a date; a longer one counts as none. */
  public static final int MAX_DATE = 40;

  /** No validators. */
  public static final Validators NONE = new Validators(null, null);

  public Validators {
    if ((etag != null && !isEntityTag(etag)) || (lastModified != null && !isDate(lastModified))) {
      throw new IllegalArgumentException(
          "not a valid ETag or Last-Modified: " + etag + ", " + lastModified);
    }
  }

  /** The usable parts of two header fields; null stands for an absent one. */
  public static Validators of(@Nullable String etag, @Nullable String lastModified) {
    String tag = etag != null && isEntityTag(etag) ? etag : null;
    String date = lastModified != null && isDate(lastModified) ? lastModified : null;
    return tag == null && date == null ? NONE : new Validators(tag, date);
  }

  /** Whether both are absent, so that no conditional request is possible. */
  public boolean isEmpty() {
    return etag == null && lastModified == null;
  }

  /** An entity tag in ASCII: {@code "…"} or {@code W/"…"}, without blanks or quotes within. */
  private static boolean isEntityTag(String text) {
    int open = text.startsWith("W/") ? 2 : 0;
    int last = text.length() - 1;
    if (last <= open || last >= MAX_ETAG || text.charAt(open) != '"' || text.charAt(last) != '"') {
      return false;
    }
    for (int i = open + 1; i < last; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '"') {
        return false;
      }
    }
    return true;
  }

  /** Whether a text has the characters of an HTTP date; only its server interprets it. */
  private static boolean isDate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && " ,:+-".indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isBlank() && text.length() <= MAX_DATE;
  }
}
