package io.sluice.core.resource;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The process's descriptors at one moment. Immutable.
 *
 * @param at when they were counted
 * @param attributed whether {@link #byKind} is known; false on systems without {@code /proc}
 * @param byKind the number of descriptors of each kind; kinds without any are absent
 * @param total all descriptors; empty if the system does not report it
 * @param limit how many the process may have (the soft limit); empty if there is none, or the
 *     system does not report it
 * @param strays the unattributed descriptors, {@code 57 socket:[34241]}; the first {@value
 *     #MAX_LISTED}
 * @param phantoms ledger entries whose descriptor the kernel does not have; the first {@value
 *     #MAX_LISTED}
 * @param phantomCount the number of phantoms
 */
public record Census(
    Instant at,
    boolean attributed,
    Map<ResourceKind, Integer> byKind,
    OptionalInt total,
    OptionalInt limit,
    List<String> strays,
    List<String> phantoms,
    int phantomCount) {

  /** Maximum number of strays and of phantoms listed. */
  public static final int MAX_LISTED = 32;

  public Census {
    byKind = Map.copyOf(byKind);
    strays = List.copyOf(strays);
    phantoms = List.copyOf(phantoms);
  }

  /** The number of descriptors of the given kind. */
  public int count(ResourceKind kind) {
    return byKind.getOrDefault(kind, 0);
  }
}
