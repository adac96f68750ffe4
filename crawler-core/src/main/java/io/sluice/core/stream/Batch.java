package io.sluice.core.stream;

import java.util.List;

/**
 * Pages to be parsed and committed together. Immutable.
 *
 * @param session what the pages were read in; if it is a new one, the reader must cut its files
 *     (see {@link Session})
 * @param deliveries the pages in stream order; empty if none came in time
 * @param alone whether a worker died with this page in flight, so that it runs alone
 */
public record Batch(Session session, List<Delivery> deliveries, boolean alone) {
  public Batch {
    deliveries = List.copyOf(deliveries);
  }
}
