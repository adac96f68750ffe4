package io.sluice.fetcher.robots;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Recent answers, by the URL of the file, bounded by count, weight and age. When full, it drops a
 * random older answer. If visits cycle through more hosts than there is room for, the least
 * recently used answer is exactly the one needed next, so with LRU eviction every lookup would
 * miss. The newest answer is kept whatever its weight.
 *
 * <p>Confined to its lane.
 */
final class RobotsCache {
  private final int maxCount;
  private final long maxWeight;
  private final Random random = new Random(1);
  private final Map<String, Cached> answers = new HashMap<>();

  /** The files that have an answer, in no particular order. */
  private final List<String> files = new ArrayList<>();

  private long weight;

  /**
   * Creates an empty cache.
   *
   * @param maxCount maximum number of answers
   * @param maxWeight maximum size in bytes of memory, as {@link RobotsRules#weight} estimates it
   */
  RobotsCache(int maxCount, long maxWeight) {
    this.maxCount = maxCount;
    this.maxWeight = maxWeight;
  }

  /** The file's answer; null if there is none or it has expired. */
  @Nullable RobotsAnswer get(String file, long nowNanos) {
    Cached cached = answers.get(file);
    if (cached == null) {
      return null;
    }
    if (cached.expiresNanos - nowNanos <= 0) {
      return null;
    }
    return cached.answer;
  }

  /** The file's rules or redirect, possibly expired; null if there is neither. */
  @Nullable RobotsAnswer expired(String file) {
    Cached cached = answers.get(file);
    return cached != null && keepsItsUse(cached.answer) ? cached.answer : null;
  }

  private static boolean keepsItsUse(RobotsAnswer answer) {
    return answer instanceof RobotsAnswer.Known || answer instanceof RobotsAnswer.Moved;
  }

  /** Caches an answer until it expires or is dropped for lack of room. */
  void put(String file, RobotsAnswer answer, int answerWeight, long expiresNanos) {
    remove(file);
    while (!files.isEmpty() && (files.size() >= maxCount || weight + answerWeight > maxWeight)) {
      remove(files.get(random.nextInt(files.size())));
    }
    answers.put(file, new Cached(answer, answerWeight, expiresNanos, files.size()));
    files.add(file);
    weight += answerWeight;
  }

  private void remove(String file) {
    Cached old = answers.remove(file);
    if (old != null) {
      weight -= old.weight;
      String last = files.removeLast();
      if (!last.equals(file)) {
        files.set(old.place, last);
        answers.computeIfPresent(last, (_, moved) -> moved.at(old.place));
      }
    }
  }

  int size() {
    return answers.size();
  }

  /** An answer, and the position of its file in the list. */
  private record Cached(RobotsAnswer answer, int weight, long expiresNanos, int place) {
    Cached at(int other) {
      return new Cached(answer, weight, expiresNanos, other);
    }
  }
}
