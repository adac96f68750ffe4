package io.sluice.core.lifecycle;

/**
 * How many events the process logged at WARN and at ERROR. Immutable.
 *
 * @param warnings events at WARN
 * @param errors events at ERROR
 */
public record LogCounts(long warnings, long errors) {

  /** Nothing was logged at WARN or ERROR, or it was not counted. */
  public static final LogCounts NONE = new LogCounts(0, 0);
}
