package io.sluice.core.stream;

import java.util.List;

/**
 * Pages to be parsed and committed together. Immutable.
 *
 * @param session the session in which the pages were read; if it is a new one, the reader must cut
 *     its files (see {@link Session})
 * @param deliveries the pages in stream order; empty if none arrived in time
 * @param alone whether the batch is one page that runs alone, because a worker died with it in
 *     flight
 */
public record Batch(Session session, List<Delivery> deliveries, boolean alone) {
  public Batch {
    deliveries = List.copyOf(deliveries);
  }
}
