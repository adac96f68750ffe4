package io.sluice.core.text;

import java.util.Locale;

/** Spells constants as configuration, logs and metrics do. Stateless. */
public final class EnumWord {

  private EnumWord() {}

  /** The constant's name in lower case, with hyphens: {@code robots-denied}. */
  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
