package io.sluice.core.sentinel;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;

/**
 * A simulated series of counts of one kind, four a minute, generated from a seed. It has a clock of
 * its own. Confined to the test's thread.
 */
final class Recording {

  static final int SAMPLES = 4;

  private final Track track = new Track();
  private final Alarm alarm = new Alarm();
  private final List<String> events = new ArrayList<>();
  private long raisedAt = -1;
  private int climbs;

  /** The count at a given time, in minutes with a fraction. */
  interface Counts {
    double at(double minute);
  }

  /** Plays a recording in which nothing stays. */
  static Recording of(int minutes, int judgedEvery, Counts all) {
    return of(minutes, judgedEvery, all, minute -> 0, minute -> true);
  }

  /**
   * Plays a recording to a trend and an alarm.
   *
   * @param all the count of everything
   * @param stayed how much of that has stayed
   * @param awake whether the process runs in a given minute
   */
  static Recording of(
      int minutes, int judgedEvery, Counts all, Counts stayed, LongPredicate awake) {
    Recording recording = new Recording();
    for (int minute = 0; minute < minutes; minute++) {
      if (awake.test(minute)) {
        recording.play(minute, all, stayed);
        if (minute % judgedEvery == 0) {
          recording.judge(minute);
        }
      }
    }
    return recording;
  }

  private void play(int minute, Counts all, Counts stayed) {
    for (int sample = 0; sample < SAMPLES; sample++) {
      double now = minute + (double) sample / SAMPLES;
      track.add(minute, Math.rint(all.at(now)), Math.rint(stayed.at(now)));
    }
  }

  private void judge(int minute) {
    Verdict verdict = Trend.decide(track, Unit.PIECES.leastRise(), minute);
    climbs += verdict instanceof Verdict.Climbing ? 1 : 0;
    switch (alarm.take(verdict)) {
      case NONE -> {}
      case RAISED -> {
        events.add("raised");
        raisedAt = minute;
      }
      case CLEARED -> events.add("cleared");
    }
  }

  /** The alarm's changes, raised and cleared, in order. */
  List<String> events() {
    return events;
  }

  /** The minute of the last warning; -1 if there was none. */
  long raisedAt() {
    return raisedAt;
  }

  /** The number of verdicts that found a climb, whether or not the alarm was raised. */
  int climbs() {
    return climbs;
  }

  boolean isRaised() {
    return alarm.isRaised();
  }

  /**
   * A random number of things that come and go independently: its deviation is the square root of
   * the mean.
   */
  static double poisson(Random random, double mean) {
    if (mean > 30) {
      return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double product = random.nextDouble();
    int count = 0;
    for (double least = Math.exp(-mean); product > least; count++) {
      product *= random.nextDouble();
    }
    return count;
  }

  /**
   * A leak at random times with a mean rate: the amount that has leaked by a minute, which never
   * falls.
   */
  static Counts leak(Random random, double perHour, int from) {
    return new Counts() {
      private double leaked;
      private double until = from;

      @Override
      public double at(double minute) {
        if (minute > until) {
          leaked += poisson(random, (minute - until) * perHour / 60);
          until = minute;
        }
        return leaked;
      }
    };
  }
}
