package io.sluice.core.stream;

import java.util.List;

/**
 * Redis's record of an output slot, updated with each commit. Immutable.
 *
 * @param slot the slot's name, unique in the crawl
 * @param sinks each sink's file and offset
 * @param sealed whether these files are complete and about to be renamed
 */
public record SlotRecord(String slot, List<SinkOffset> sinks, boolean sealed) {
  public SlotRecord {
    sinks = List.copyOf(sinks);
  }
}
