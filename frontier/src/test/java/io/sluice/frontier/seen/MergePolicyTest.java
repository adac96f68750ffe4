package io.sluice.frontier.seen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergePolicyTest {

  @Test
  void aRunIsMergedWithTheYoungerOnesUnlessItIsThriceAsLarge() {
    assertThat(oldest()).isEqualTo(0);
    assertThat(oldest(5)).isEqualTo(1);
    assertThat(oldest(3, 1)).isEqualTo(2);
    assertThat(oldest(2, 1)).isEqualTo(0);
    assertThat(oldest(6, 2, 1)).isEqualTo(0);
    assertThat(oldest(9, 2, 1)).isEqualTo(1);
    assertThat(oldest(100, 30, 1, 1)).isEqualTo(2);
  }

  @Test
  void aQuarterOfABillionNeedsSixRunsAndEightWritesOfEach() {
    List<Long> runs = new ArrayList<>();
    long written = 0;
    int spills = 954;
    for (int i = 0; i < spills; i++) {
      runs.add(1L);
      int from = oldest(runs.stream().mapToLong(Long::longValue).toArray());
      List<Long> merged = runs.subList(from, runs.size());
      long sum = merged.stream().mapToLong(Long::longValue).sum();
      written += 1 + sum;
      if (sum > 0) {
        merged.clear();
        runs.add(sum);
      }
      assertThat(runs).hasSizeLessThanOrEqualTo(6);
    }
    assertThat(written).isLessThanOrEqualTo(8L * spills);
  }

  private static int oldest(long... counts) {
    return MergePolicy.oldestToMerge(counts);
  }
}
