package io.sluice.parser.extract;

import io.sluice.core.text.EnumWord;

/** The source of a link: an element, a response field, or text that contains URLs. */
public enum LinkKind {
  A(false),
  AREA(false),
  LINK(false),
  FRAME(false),
  IFRAME(false),
  /** A refresh, declared by a meta element or the Refresh field. */
  REFRESH(false),
  /** The Content-Location field (RFC 9110, 8.7). */
  CONTENT_LOCATION(false),
  /** An image, by its src or srcset. */
  IMG(true),
  SCRIPT(true),
  /** A source of a picture, video or audio element, by its src or srcset. */
  SOURCE(true),
  OBJECT(true),
  EMBED(true),
  /** The action of a form. */
  FORM(true),
  /** A {@code url()} in a style element or attribute. */
  CSS(true),
  /** An absolute URL in JSON-LD. */
  JSON_LD(true);

  private final String word = EnumWord.of(this);
  private final boolean optional;

  LinkKind(boolean optional) {
    this.optional = optional;
  }

  /** The kind as records, metrics, {@code parser.links} and {@code parser.follow} spell it. */
  public String word() {
    return word;
  }

  /** Whether such links are taken only if the configuration asks for them. */
  boolean optional() {
    return optional;
  }
}
