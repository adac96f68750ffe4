package io.sluice.core.lifecycle;

import io.sluice.core.text.EnumWord;

/** The phases of a shutdown, in their order. */
public enum Phase {
  STOP_INTAKE,
  CANCEL,
  DRAIN,
  CLOSE,
  AUDIT;

  private final String word = EnumWord.of(this);

  /** The phase as logs, metrics and the report spell it: {@code stop-intake}. */
  public String word() {
    return word;
  }
}
