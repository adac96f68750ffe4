package io.sluice.core.redis;

import java.util.List;

/**
 * Pages to be parsed and committed together. Immutable.
 *
 * @param session what the reader must have its files cut for: see {@link Session}
 * @param deliveries the pages in stream order; empty when none came in time
 * @param alone whether a worker died with this page in flight, so that it runs alone
 */
public record Batch(Session session, List<Delivery> deliveries, boolean alone) {
  public Batch {
    deliveries = List.copyOf(deliveries);
  }
}
