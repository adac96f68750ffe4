package io.sluice.core.lease;

import org.jspecify.annotations.Nullable;

/**
 * What a server said of a page's version, to be asked about later (RFC 9110, 8.8). A server may say
 * anything: what could not stand in a request's head as it is, is not kept. Immutable.
 *
 * @param etag the entity tag as received, weak or strong, quotes included; null for none
 * @param lastModified the Last-Modified date as received; null for none
 */
public record Validators(@Nullable String etag, @Nullable String lastModified) {

  /** Characters of an entity tag at most; a longer one counts as none. */
  public static final int MAX_ETAG = 256;

  /** Characters of a date at most; a longer one counts as none. */
  public static final int MAX_DATE = 40;

  /** Nothing was said. */
  public static final Validators NONE = new Validators(null, null);

  public Validators {
    if ((etag != null && !isEntityTag(etag)) || (lastModified != null && !isDate(lastModified))) {
      throw new IllegalArgumentException("not validators: " + etag + ", " + lastModified);
    }
  }

  /** What may be kept of two header fields; null stands for an absent one. */
  public static Validators of(@Nullable String etag, @Nullable String lastModified) {
    String tag = etag != null && isEntityTag(etag) ? etag : null;
    String date = lastModified != null && isDate(lastModified) ? lastModified : null;
    return tag == null && date == null ? NONE : new Validators(tag, date);
  }

  /** Whether there is nothing to ask by. */
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

  /** Whether a text has the characters of an HTTP date; which day it is, only its server asks. */
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
