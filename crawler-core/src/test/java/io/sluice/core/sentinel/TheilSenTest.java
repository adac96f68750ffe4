package io.sluice.core.sentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TheilSenTest {

  @Test
  void aStraightLineIsFoundExactlyAndWithoutDoubt() {
    TheilSen line = line(20, i -> 3 + 2.0 * i);

    assertThat(line).isEqualTo(new TheilSen(2, 2, 2, 0));
  }

  @Test
  void aQuarterOfWildPointsDoesNotMoveIt() {
    TheilSen line = line(40, i -> i % 4 == 1 ? 100_000 : 2.0 * i);

    assertThat(line.slope()).isEqualTo(2, within(0.5));
    assertThat(line.low()).isPositive();
  }

  @Test
  void equalValuesTellNothing() {
    assertThat(line(30, i -> 7)).isEqualTo(new TheilSen(0, 0, 0, 0));
  }

  /** Kendall's S of 10 points without ties varies by 125: 3.2905 √125 / 2 is 18.4 of 45 ranks. */
  @Test
  void theIntervalIsAsManyRanksWideAsKendallsScoreVaries() {
    double[] y = {1, 3, 2, 5, 4, 7, 6, 9, 8, 10};
    double[] x = IntStream.range(0, 10).asDoubleStream().toArray();
    double[] slopes =
        IntStream.range(0, 10)
            .boxed()
            .flatMapToDouble(
                i -> IntStream.range(i + 1, 10).mapToDouble(j -> (y[j] - y[i]) / (x[j] - x[i])))
            .sorted()
            .toArray();

    TheilSen line = TheilSen.through(x, y);

    assertThat(line.slope()).isEqualTo(slopes[22]);
    assertThat(line.low()).isEqualTo(slopes[3]);
    assertThat(line.high()).isEqualTo(slopes[41]);
  }

  @Test
  void noiseWithoutTrendSeldomSeemsToRiseAndATrueSlopeIsInTheInterval() {
    Random random = new Random(4);
    int rises = 0;
    int held = 0;
    for (int trial = 0; trial < 500; trial++) {
      rises += line(60, i -> random.nextGaussian()).low() > 0 ? 1 : 0;
      TheilSen sloping = line(60, i -> 0.1 * i + random.nextGaussian());
      held += sloping.low() <= 0.1 && sloping.high() >= 0.1 ? 1 : 0;
    }
    assertThat(rises).isLessThanOrEqualTo(3); // 0.25 are expected
    assertThat(held).isGreaterThanOrEqualTo(497);
  }

  @Test
  void noiseIsTheDeviationOfThePoints() {
    Random random = new Random(5);

    assertThat(line(128, i -> i + 10 * random.nextGaussian()).noise()).isEqualTo(10, within(2.5));
  }

  @Test
  void thereAreTwoPointsAndABoundOfThem() {
    assertThatThrownBy(() -> line(1, i -> i)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> line(129, i -> i)).isInstanceOf(IllegalArgumentException.class);
  }

  private static TheilSen line(int points, IntToDoubleFunction y) {
    double[] x = new double[points];
    double[] values = new double[points];
    Arrays.setAll(x, i -> i);
    Arrays.setAll(values, y);
    return TheilSen.through(x, values);
  }
}
