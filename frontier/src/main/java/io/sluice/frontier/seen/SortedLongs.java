package io.sluice.frontier.seen;

import java.nio.LongBuffer;

/** Searches ascending numbers for keys whose position can be guessed. Thread-safe: stateless. */
final class SortedLongs {

  private SortedLongs() {}

  /**
   * The last index of {@code [from, to)} whose number is not above the key, {@code from - 1} if
   * there is none. The time grows with the logarithm of the guess's error.
   *
   * @param guess where the key may be; any number
   */
  static int floor(LongBuffer sorted, int from, int to, long key, int guess) {
    int probe = Math.clamp(guess, from, to - 1);
    return sorted.get(probe) <= key
        ? floorAbove(sorted, probe, to, key)
        : floorBelow(sorted, from, probe, key);
  }

  /** Searches upwards from {@code low}, whose number is not above the key, in steps that double. */
  private static int floorAbove(LongBuffer sorted, int low, int to, long key) {
    int step = 1;
    int known = low;
    while (step < to - known && sorted.get(known + step) <= key) {
      known += step;
      step <<= 1;
    }
    return between(sorted, known, step < to - known ? known + step : to, key);
  }

  /** Searches downwards from {@code high}, whose number is above the key, in steps that double. */
  private static int floorBelow(LongBuffer sorted, int from, int high, long key) {
    int step = 1;
    int known = high;
    while (step <= known - from && sorted.get(known - step) > key) {
      known -= step;
      step <<= 1;
    }
    return between(sorted, step <= known - from ? known - step : from - 1, known, key);
  }

  /** Binary search: the number at {@code low} is not above the key, the one at {@code high} is. */
  private static int between(LongBuffer sorted, int low, int high, long key) {
    int floor = low;
    int above = high;
    while (above - floor > 1) {
      int middle = (floor + above) >>> 1;
      if (sorted.get(middle) <= key) {
        floor = middle;
      } else {
        above = middle;
      }
    }
    return floor;
  }
}
