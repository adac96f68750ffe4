package io.sluice.fetcher.robots;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers of late, by origin, bounded by count, weight and age. When full, the one used longest
 * ago goes.
 *
 * <p>Confined to its lane.
 */
final class RobotsCache {
  private final int maxCount;
  private final long maxWeight;
  private final Map<String, Cached> answers = new LinkedHashMap<>(16, 0.75f, true);
  private long weight;

  /**
   * An empty cache.
   *
   * @param maxCount answers at most
   * @param maxWeight bytes of memory at most, as {@link RobotsRules#weight} estimates them
   */
  RobotsCache(int maxCount, long maxWeight) {
    this.maxCount = maxCount;
    this.maxWeight = maxWeight;
  }

  /** The origin's answer, unless there is none or it has expired. */
  @Nullable RobotsAnswer get(String origin, long nowNanos) {
    Cached cached = answers.get(origin);
    if (cached == null) {
      return null;
    }
    if (cached.expiresNanos - nowNanos <= 0) {
      remove(origin);
      return null;
    }
    return cached.answer;
  }

  /** Keeps an answer until it expires or there is no room for it. */
  void put(String origin, RobotsAnswer answer, int answerWeight, long expiresNanos) {
    remove(origin);
    answers.put(origin, new Cached(answer, answerWeight, expiresNanos));
    weight += answerWeight;
    while (answers.size() > maxCount || weight > maxWeight) {
      Iterator<Cached> eldest = answers.values().iterator();
      weight -= eldest.next().weight;
      eldest.remove();
    }
  }

  private void remove(String origin) {
    Cached old = answers.remove(origin);
    if (old != null) {
      weight -= old.weight;
    }
  }

  int size() {
    return answers.size();
  }

  private record Cached(RobotsAnswer answer, int weight, long expiresNanos) {}
}
