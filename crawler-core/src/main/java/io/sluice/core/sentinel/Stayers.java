package io.sluice.core.sentinel;

import io.sluice.core.resource.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Remembers since when each entry of the ledger has been there, at the precision of the readings:
 * an entry that was opened and closed between two of them is unknown. It holds only what the ledger
 * holds. Confined to its sentinel's thread.
 */
final class Stayers {

  /**
   * How long an entry must have been open to count as stayed. A connection that is used and then
   * closed is rarely open for that long.
   */
  static final Duration STAYS = Duration.ofMinutes(30);

  private IdentityHashMap<Ledger.Entry, Long> since = new IdentityHashMap<>();

  private record Key(String kind, String owner) {}

  private record Tally(int count, int stayed) {
    Tally plus(Tally other) {
      return new Tally(count + other.count, stayed + other.stayed);
    }
  }

  /**
   * Counts the entries by kind and owner.
   *
   * @param nanos the time, monotonic
   */
  List<Reading.Owned> look(List<Ledger.Entry> entries, long nanos) {
    IdentityHashMap<Ledger.Entry, Long> present = new IdentityHashMap<>();
    Map<Key, Tally> tallies = new HashMap<>();
    for (Ledger.Entry entry : entries) {
      long begin = since.getOrDefault(entry, nanos);
      present.put(entry, begin);
      Tally one = new Tally(1, nanos - begin >= STAYS.toNanos() ? 1 : 0);
      tallies.merge(new Key(entry.kind().word(), entry.owner()), one, Tally::plus);
    }
    since = present;
    List<Reading.Owned> owned = new ArrayList<>();
    tallies.forEach(
        (key, tally) ->
            owned.add(new Reading.Owned(key.kind, key.owner, tally.count, tally.stayed)));
    return owned;
  }
}
