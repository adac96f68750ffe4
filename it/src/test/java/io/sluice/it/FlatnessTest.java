package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.it.Flatness.Rule;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Ten minutes of readings, one per second: which series the soak considers flat, and which leaks it
 * finds.
 */
class FlatnessTest {

  private static final int SECONDS = 600;
  private static final double MIB = 1 << 20;

  private final Random random = new Random(4);

  @Test
  void churnWithoutATrendIsFlatInAThousandSeries() {
    long climbing =
        IntStream.range(0, 1000)
            .filter(_ -> !judge(Rule.COUNT, _ -> 200 + 15 * random.nextGaussian()).flat())
            .count();

    assertThat(climbing).isLessThanOrEqualTo(2);
  }

  @Test
  void aConnectionLostEveryTenSecondsInsideChurnIsFound() {
    assertThat(judge(Rule.COUNT, i -> 200 + i / 10 + 15 * random.nextGaussian()).flat()).isFalse();
  }

  @Test
  void aDescriptorLostEachMinuteWhereNothingChurnsIsFound() {
    Flatness leak = judge(Rule.COUNT, i -> 12 + i / 60);

    assertThat(leak.flat()).isFalse();
    assertThat(leak.slopePerHour()).isBetween(50.0, 70.0);
  }

  @Test
  void oneMoreForGoodIsFlatAndOneThatComesAndGoesToo() {
    assertThat(judge(Rule.COUNT, i -> i < 450 ? 12 : 13).flat()).isTrue();
    assertThat(judge(Rule.COUNT, i -> 12 + i % 2).flat()).isTrue();
    assertThat(judge(Rule.COUNT, _ -> 12).flat()).isTrue();
  }

  @Test
  void warmUpIsNotJudged() {
    assertThat(judge(Rule.COUNT, i -> Math.min(i, 250)).flat()).isTrue();
  }

  @Test
  void whatFallsDoesNotLeak() {
    assertThat(judge(Rule.BYTES, i -> 90 * MIB - i * MIB / 20).flat()).isTrue();
  }

  @Test
  void aHeapThatSagsBetweenCollectionsIsFlatUnlessItsFloorRises() {
    IntToDoubleFunction sags = i -> 40 * MIB + i % 7 * MIB;

    assertThat(judge(Rule.FLOOR, sags).flat()).isTrue();
    assertThat(judge(Rule.FLOOR, i -> sags.applyAsDouble(i) + i * MIB / 60).flat()).isFalse();
  }

  @Test
  void anUnattributedDescriptorOfTwoReadingsIsADefect() {
    assertThat(judge(Rule.NEVER, _ -> 0).flat()).isTrue();
    assertThat(judge(Rule.NEVER, i -> i % 50 == 17 ? 1 : 0).flat()).isTrue();
    assertThat(judge(Rule.NEVER, i -> i == 17 || i == 18 ? 1 : 0).flat()).isFalse();
  }

  @Test
  void whatIsOnlyShownMayGrow() {
    assertThat(judge(Rule.SHOWN, i -> i * MIB).flat()).isTrue();
  }

  @Test
  void tooFewReadingsAreFlat() {
    assertThat(Flatness.of(new double[0], new double[0], Rule.COUNT).flat()).isTrue();
    assertThat(Flatness.of(new double[] {1}, new double[] {7}, Rule.COUNT).flat()).isTrue();
  }

  private static Flatness judge(Rule rule, IntToDoubleFunction value) {
    double[] seconds = new double[SECONDS];
    double[] values = new double[SECONDS];
    Arrays.setAll(seconds, i -> i);
    Arrays.setAll(values, value);
    return Flatness.of(seconds, values, rule);
  }
}
