package io.sluice.core.coding;

import java.util.Locale;

/** What was wrong with a body's content coding. Whatever was inflated before the damage is kept. */
public enum Damage {
  /** The data ended before the coding's end. */
  TRUNCATED,
  /** The data breaks the coding's rules, or its checksum does not match. */
  CORRUPT,
  /** A coding that is unknown or not available here, or too many nested codings. */
  UNSUPPORTED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The damage as records spell it. */
  public String word() {
    return word;
  }
}
