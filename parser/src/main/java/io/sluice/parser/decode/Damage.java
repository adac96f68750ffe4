package io.sluice.parser.decode;

import java.util.Locale;

/** What was wrong with a body's content coding. What could be inflated before it is kept. */
public enum Damage {
  /** The data ended before the coding's end. */
  TRUNCATED,
  /** The data breaks the coding's rules, or its checksum does not fit. */
  CORRUPT,
  /** A coding that is unknown or not available here, or more codings than are taken off. */
  UNSUPPORTED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The damage as records spell it. */
  public String word() {
    return word;
  }
}
