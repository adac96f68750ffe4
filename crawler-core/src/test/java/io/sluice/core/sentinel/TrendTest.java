package io.sluice.core.sentinel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.sentinel.Recording.Counts;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trend's verdicts on simulated series of one kind. Seeds are fixed, so results repeat. */
class TrendTest {

  private static final int HOUR = 60;
  private static final int DAY = 24 * HOUR;

  /** Some 300 sockets are open at a time, each for 6 s: 3,000 are opened and closed a minute. */
  private static final double CHURN = 300;

  private static final int STAYS = (int) Stayers.STAYS.toMinutes();

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
      })
  void aLeakOfFourAnHourInsideChurnOfThousandsAMinuteIsFoundWithinSixHours(int seed) {
    Random random = new Random(seed);
    int begins = HOUR;
    Counts leak = Recording.leak(random, 4, begins);
    Counts stayed = Recording.leak(new Random(seed), 4, begins + STAYS);

    Recording life =
        Recording.of(
            begins + 6 * HOUR,
            1,
            at -> Recording.poisson(random, CHURN) + leak.at(at),
            stayed,
            at -> true);

    assertThat(life.events()).containsExactly("raised");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
  void whereNobodyKnowsWhatStaysItIsFoundByTheCountAloneWithinADay(int seed) {
    Random random = new Random(seed);
    Counts leak = Recording.leak(random, 4, 0);

    Recording life = Recording.of(DAY, 5, at -> Recording.poisson(random, CHURN) + leak.at(at));

    assertThat(life.events()).containsExactly("raised");
  }

  @Test
  void aDayOfChurnRaisesNothing() {
    int climbs = 0;
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      climbs += Recording.of(DAY + HOUR, 15, at -> Recording.poisson(random, CHURN)).climbs();
    }
    assertThat(climbs).isZero();
  }

  /** The load wanders by a fifth within hours, and a few connections stay for long. */
  @Test
  void twoDaysOfWanderingLoadRaiseNothing() {
    int climbs = 0;
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      Counts load = wandering(random, 0.2, HOUR);
      Counts loyal = wandering(random, 0.2, HOUR);
      Recording life =
          Recording.of(
              2 * DAY,
              15,
              at -> Recording.poisson(random, CHURN * load.at(at)),
              at -> Recording.poisson(random, 20 * loyal.at(at)),
              at -> true);
      climbs += life.climbs();
      assertThat(life.events()).isEmpty();
    }
    assertThat(climbs).isLessThanOrEqualTo(2); // of 9,600 verdicts; an alarm needs three in a row
  }

  /**
   * A leak that was once observed: 1,500 descriptors became 4,000 in 11 hours; the number of Redis
   * connections rose in a straight line while other kinds churned.
   */
  @Test
  void theIncidentIsFoundWithinAQuarterOfAnHour() {
    Random random = new Random(7);
    Counts leak = Recording.leak(random, 2_500 / 11.0, 0);

    Recording redis = Recording.of(11 * HOUR, 1, at -> 109 + leak.at(at));
    Recording http = Recording.of(11 * HOUR, 1, at -> Recording.poisson(random, 900));

    assertThat(redis.events()).containsExactly("raised");
    assertThat(redis.raisedAt()).isLessThanOrEqualTo(15);
    assertThat(http.events()).isEmpty();
  }

  @Test
  void aPoolThatFillsInTenMinutesAndIsFullRaisesNothingLasting() {
    Recording life = Recording.of(4 * HOUR, 1, at -> Math.min(500, 50 * at));

    assertThat(life.isRaised()).isFalse();
    assertThat(life.events()).isIn(List.of(), List.of("raised", "cleared"));
  }

  @Test
  void aPoolThatFillsEverMoreSlowlyRaisesNothing() {
    Recording life = Recording.of(6 * HOUR, 1, at -> 200 * (1 - Math.exp(-at / 3)));

    assertThat(life.events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 12, 18})
  void theSwingOfTheDayRaisesNothing(int begins) {
    Random random = new Random(begins);
    double phase = begins / 24.0 * 2 * Math.PI;

    Recording life =
        Recording.of(
            3 * DAY,
            5,
            at ->
                Recording.poisson(random, CHURN + 100 * Math.sin(phase + 2 * Math.PI * at / DAY)));

    assertThat(life.events()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 90, 400, 1000})
  void aStepRaisesNothing(int when) {
    Random random = new Random(when);

    Recording quiet = Recording.of(DAY + 2 * HOUR, 5, at -> at < when ? 20 : 60);
    Recording churning =
        Recording.of(DAY + 2 * HOUR, 5, at -> Recording.poisson(random, at < when ? 100 : 400));

    assertThat(quiet.events()).isEmpty();
    assertThat(churning.events()).isEmpty();
  }

  @Test
  void aProcessThatWasStoppedForAnHourIsJudgedByWhatItSawAndALeakIsStillFound() {
    Random random = new Random(3);
    Counts leak = Recording.leak(random, 20, 4 * HOUR);

    Recording churn =
        Recording.of(
            DAY,
            5,
            at -> Recording.poisson(random, at < 2 * HOUR ? 100 : 300),
            at -> 0,
            at -> at < 2 * HOUR || at >= 3 * HOUR);
    Recording leaking =
        Recording.of(
            DAY, 1, at -> 30 + leak.at(at), at -> 0, at -> at < 5 * HOUR || at >= 6 * HOUR);

    assertThat(churn.events()).isEmpty();
    assertThat(leaking.events()).containsExactly("raised");
    assertThat(leaking.raisedAt()).isBetween(4L * HOUR, 9L * HOUR);
  }

  @Test
  void aLeakThatEndsIsClearedOnce() {
    Recording life = Recording.of(10 * HOUR, 1, at -> 50 + Math.min(at, 2 * HOUR));

    assertThat(life.events()).containsExactly("raised", "cleared");
  }

  @Test
  void aFewMoreAreNoClimb() {
    Recording life = Recording.of(2 * DAY, 5, at -> 50 + at * 7 / (2 * DAY));

    assertThat(life.events()).isEmpty();
  }

  /** A random walk around 1, pulled back within some minutes, with the given standard deviation. */
  private static Counts wandering(Random random, double deviation, double minutes) {
    return new Counts() {
      private double value = 1;
      private double last;

      @Override
      public double at(double minute) {
        double kept = Math.exp(-(minute - last) / minutes);
        value =
            1 + (value - 1) * kept + deviation * Math.sqrt(1 - kept * kept) * random.nextGaussian();
        last = minute;
        return Math.max(0.1, value);
      }
    };
  }
}
