package io.sluice.it.web;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A log of requests that takes a few bits for each URL. Written on the web's event loop; its counts
 * may be read by any thread.
 */
final class HostileLog {

  private static final int REMEMBERED = 10_000;

  private final Map<Behaviour, AtomicLong> requests = new EnumMap<>(Behaviour.class);
  private final AtomicLong goodAskedAgain = new AtomicLong();
  private final AtomicLong uncalledFor = new AtomicLong();

  /** For each host, a bit for each good page that was requested. */
  private final List<BitSet> asked = new ArrayList<>();

  private final AtomicLong shortestRepeatNanos = new AtomicLong(Long.MAX_VALUE);

  /** Times of URLs' last requests, only for the {@value #REMEMBERED} URLs requested last. */
  private final Map<String, Long> lastAsked =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  HostileLog(int hosts) {
    for (Behaviour behaviour : Behaviour.values()) {
      requests.put(behaviour, new AtomicLong());
    }
    for (int host = 0; host < hosts; host++) {
      asked.add(new BitSet());
    }
  }

  /** Records a request for a URL of any behaviour. */
  void asked(String url, long nanos) {
    Long before = lastAsked.put(url, nanos);
    if (before != null) {
      shortestRepeatNanos.accumulateAndGet(nanos - before, Math::min);
    }
  }

  void add(Behaviour behaviour) {
    of(behaviour).incrementAndGet();
  }

  /**
   * Records a request for a good page.
   *
   * @param leaf the leaf of the group; {@link HostilePlan#LEAVES} for the page in the host's row
   */
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

  long shortestRepeatNanos() {
    return shortestRepeatNanos.get();
  }

  long uncalledFor() {
    return uncalledFor.get();
  }
}
