package io.sluice.frontier;

import io.sluice.core.lease.VisitKind;

/**
 * Visits in progress at one moment, by kind. Immutable.
 *
 * @param troubledMax maximum number of visits to hosts in trouble
 * @param max maximum number of all visits
 */
public record VisitCounts(int proven, int first, int troubled, int troubledMax, int max) {

  /** The number of visits of one kind. */
  public int of(VisitKind kind) {
    return switch (kind) {
      case PROVEN -> proven;
      case FIRST -> first;
      case TROUBLED -> troubled;
    };
  }

  /** The number of visits of all kinds. */
  public int all() {
    return proven + first + troubled;
  }
}
