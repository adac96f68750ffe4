package io.sluice.core.lease;

/**
 * Whether URL or host bears the trouble that a visit met; the frontier rules, since it knows the
 * host's other visits.
 */
public enum Ruling {
  /** The URL bears it: the visit counts as an attempt on it. */
  CHARGED,

  /** The host bears it: the lease is to be settled by {@link Settlement.Postpone}. */
  SPARED
}
