package io.sluice.core.lease;

/**
 * Whether a failed visit is charged to its URL or to its host; the frontier decides, since it knows
 * the host's other visits.
 */
public enum Ruling {
  /** The URL is charged: the visit counts as an attempt on it. */
  CHARGED,

  /** The host is charged: the lease must be settled by {@link Settlement.Postpone}. */
  SPARED
}
