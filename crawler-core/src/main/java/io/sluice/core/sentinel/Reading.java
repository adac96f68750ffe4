package io.sluice.core.sentinel;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What there was at one moment. Immutable.
 *
 * @param amounts of each kind
 * @param owned of each kind and owner, by the ledger
 */
record Reading(Map<String, Amount> amounts, List<Owned> owned) {

  /**
   * How much of a kind.
   *
   * @param now all there is
   * @param room how much more fits in until a limit is reached; empty where none is known
   */
  record Amount(Unit unit, double now, OptionalDouble room) {}

  /**
   * How many entries of the ledger.
   *
   * @param count how many there are
   * @param stayed how many of these have been there for {@link Stayers#STAYS}
   */
  record Owned(String kind, String owner, int count, int stayed) {}

  Reading {
    amounts = Map.copyOf(amounts);
    owned = List.copyOf(owned);
  }

  /** How many entries of that kind have stayed, whoever owns them. */
  int stayed(String kind) {
    return owned.stream().filter(o -> o.kind().equals(kind)).mapToInt(Owned::stayed).sum();
  }
}
