package io.sluice.fetcher.dns;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Names that do not exist or have no address, remembered for a limited time. When full, the oldest
 * entry is dropped. Other lookup failures are not remembered, since they say nothing about the
 * name.
 *
 * <p>Confined to its resolver's event loop.
 */
final class AbsentNames {
  private final int maxNames;
  private final long keepNanos;
  private final LongSupplier nanoTime;

  /** When each name's entry expires, in nanoseconds; oldest entry first. */
  private final Map<String, Long> untilNanos = new LinkedHashMap<>();

  AbsentNames(int maxNames, long keepNanos, LongSupplier nanoTime) {
    this.maxNames = maxNames;
    this.keepNanos = keepNanos;
    this.nanoTime = nanoTime;
  }

  void add(String name) {
    untilNanos.remove(name);
    untilNanos.put(name, nanoTime.getAsLong() + keepNanos);
    if (untilNanos.size() > maxNames) {
      Iterator<String> eldest = untilNanos.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  boolean contains(String name) {
    Long until = untilNanos.get(name);
    if (until != null && until - nanoTime.getAsLong() <= 0) {
      untilNanos.remove(name);
      return false;
    }
    return until != null;
  }

  void remove(String name) {
    untilNanos.remove(name);
  }
}
