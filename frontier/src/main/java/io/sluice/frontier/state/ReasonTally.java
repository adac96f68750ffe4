package io.sluice.frontier.state;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.EndedBy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The number of URLs that ended for each reason and with each class of statuses, with the first
 * example of each. Bounded: reasons also come from parsers, and those beyond {@link #MAX_REASONS}
 * count as {@value #OTHER}. Confined to its shard's thread.
 */
final class ReasonTally {

  private static final int MAX_REASONS = 100;
  private static final int MAX_EXAMPLE = 300;
  private static final String OTHER = "other";

  private record Key(Ending ending, String reason) {}

  private static final class Tally {
    private final String example;
    private long count;

    Tally(String example) {
      this.example = example;
    }
  }

  private final Map<Key, Tally> tallies = new LinkedHashMap<>();

  /** Counts an end. */
  void count(UrlEnd end, String href) {
    Key key = new Key(end.ending(), end.reason());
    if (tallies.size() >= MAX_REASONS && !tallies.containsKey(key)) {
      key = new Key(end.ending(), OTHER);
    }
    tally(key, href).count++;
    if (end.status() > 0) {
      tally(new Key(end.ending(), EndedBy.ofStatus(end.status())), href).count++;
    }
  }

  private Tally tally(Key key, String href) {
    return tallies.computeIfAbsent(
        key, _ -> new Tally(href.substring(0, Math.min(MAX_EXAMPLE, href.length()))));
  }

  /** Restores an entry from a checkpoint. */
  void restore(EndedBy ended) {
    tally(new Key(ended.ending(), ended.reason()), ended.example()).count += ended.count();
  }

  /** The reasons so far; a copy. */
  List<EndedBy> all() {
    return tallies.entrySet().stream()
        .map(
            entry ->
                new EndedBy(
                    entry.getKey().ending(),
                    entry.getKey().reason(),
                    entry.getValue().count,
                    entry.getValue().example))
        .toList();
  }
}
