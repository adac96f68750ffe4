package io.sluice.core.lease;

import java.util.Locale;

/**
 * The state of a host before a visit, by the results of its earlier visits. Concurrent visits are
 * limited by kind, so that hosts that do not answer take no places from those that do.
 */
public enum VisitKind {
  /** The host's last visit went well. */
  PROVEN,
  /** The host was never contacted, or never gave a meaningful answer. */
  FIRST,
  /**
   * The host's last visits had problems: retries, probes of held hosts, names that do not exist.
   */
  TROUBLED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The kind as metrics and {@code /status} spell it. */
  public String word() {
    return word;
  }
}
