package io.sluice.it.web;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was asked, in a few bits for each URL. Written on the web's event loop; its counts may be
 * read by any thread.
 */
final class HostileLog {

  private final Map<Behaviour, AtomicLong> requests = new EnumMap<>(Behaviour.class);
  private final AtomicLong goodAskedAgain = new AtomicLong();
  private final AtomicLong uncalledFor = new AtomicLong();

  /** By host, a bit for each good page that was asked for. */
  private final List<BitSet> asked = new ArrayList<>();

  HostileLog(int hosts) {
    for (Behaviour behaviour : Behaviour.values()) {
      requests.put(behaviour, new AtomicLong());
    }
    for (int host = 0; host < hosts; host++) {
      asked.add(new BitSet());
    }
  }

  void add(Behaviour behaviour) {
    of(behaviour).incrementAndGet();
  }

  /** A good page was asked for: {@code leaf} of the group, or {@link HostilePlan#LEAVES} itself. */
  void addGood(Behaviour behaviour, int host, int group, int leaf) {
    add(behaviour);
    BitSet pages = asked.get(host);
    int page = group * (HostilePlan.LEAVES + 1) + leaf;
    if (pages.get(page)) {
      goodAskedAgain.incrementAndGet();
    }
    pages.set(page);
  }

  void addUncalledFor() {
    uncalledFor.incrementAndGet();
  }

  long requests(Behaviour behaviour) {
    return of(behaviour).get();
  }

  private AtomicLong of(Behaviour behaviour) {
    return Objects.requireNonNull(requests.get(behaviour));
  }

  long goodAskedAgain() {
    return goodAskedAgain.get();
  }

  long uncalledFor() {
    return uncalledFor.get();
  }
}
