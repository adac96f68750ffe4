package io.sluice.parser.extract;

import java.util.Locale;

/** What named a link: an element, or a refresh. */
public enum LinkKind {
  A,
  AREA,
  LINK,
  FRAME,
  IFRAME,
  /** A refresh, declared by a meta element or the Refresh field. */
  REFRESH;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The kind as records, metrics and {@code parser.follow} spell it. */
  public String word() {
    return word;
  }
}
