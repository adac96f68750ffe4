package io.sluice.frontier.seen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.LongBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RunIndexTest {

  private final Random random = new Random(3);

  @Test
  void aFilterForgetsNoKeyAndIsWrongForFewOthers() {
    int count = 200_000;
    KeyFilter filter = new KeyFilter(count);
    long[] keys = random.longs(count).toArray();
    for (long key : keys) {
      filter.add(key);
    }
    for (long key : keys) {
      assertThat(filter.mayContain(key)).isTrue();
    }
    long wrong = random.longs(count).filter(filter::mayContain).count();
    assertThat(wrong / 200_000.0).isLessThan(0.026);
  }

  @Test
  void aKeyIsFoundWhateverTheGuess() {
    for (int trial = 0; trial < 20_000; trial++) {
      long[] sorted = random.longs(1 + random.nextInt(40), -30, 30).sorted().toArray();
      int from = random.nextInt(sorted.length);
      int to = from + 1 + random.nextInt(sorted.length - from);
      long key = random.nextInt(-35, 35);
      int guess = random.nextInt(8) == 0 ? random.nextInt() : random.nextInt(sorted.length);
      int found = SortedLongs.floor(LongBuffer.wrap(sorted), from, to, key, guess);
      assertThat(found).isEqualTo(slowFloor(sorted, from, to, key));
    }
  }

  private static int slowFloor(long[] sorted, int from, int to, long key) {
    int floor = from - 1;
    while (floor + 1 < to && sorted[floor + 1] <= key) {
      floor++;
    }
    return floor;
  }
}
