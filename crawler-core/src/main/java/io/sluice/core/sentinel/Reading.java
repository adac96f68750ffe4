package io.sluice.core.sentinel;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The amounts at one moment. Immutable.
 *
 * @param amounts the amount of each kind
 * @param owned the ledger's entries by kind and owner
 */
record Reading(Map<String, Amount> amounts, List<Owned> owned) {

  /**
   * The amount of a kind.
   *
   * @param now the current amount
   * @param room how much more fits until a limit is reached; empty if none is known
   */
  record Amount(Unit unit, double now, OptionalDouble room) {}

  /**
   * The number of entries in the ledger.
   *
   * @param count all of them
   * @param stayed those that have been there for {@link Stayers#STAYS}
   */
  record Owned(String kind, String owner, int count, int stayed) {}

  Reading {
    amounts = Map.copyOf(amounts);
    owned = List.copyOf(owned);
  }

  /** The number of entries of the given kind, of any owner, that have stayed. */
  int stayed(String kind) {
    return owned.stream().filter(o -> o.kind().equals(kind)).mapToInt(Owned::stayed).sum();
  }
}
