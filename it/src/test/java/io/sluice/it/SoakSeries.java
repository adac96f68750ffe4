package io.sluice.it;

import io.sluice.it.Flatness.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One thing measured over and over. Confined to the sampling thread. */
final class SoakSeries {

  private final String name;
  private final Rule rule;
  private final int every;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();

  /**
   * @param every at which of the samples a reading is taken: each, each fifth
   */
  SoakSeries(String name, Rule rule, int every) {
    this.name = name;
    this.rule = rule;
    this.every = every;
  }

  String name() {
    return name;
  }

  Rule rule() {
    return rule;
  }

  int every() {
    return every;
  }

  /** Adds a reading; one that is unknown counts for nothing. */
  void add(double second, double value) {
    if (!Double.isNaN(value)) {
      seconds.add(second);
      values.add(value);
    }
  }

  double[] values() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  Flatness flatness() {
    return Flatness.of(seconds.stream().mapToDouble(Double::doubleValue).toArray(), values(), rule);
  }

  /** Whether there is anything to tell: not of kinds that the process never had. */
  boolean worthShowing() {
    return rule == Rule.NEVER || Arrays.stream(values()).anyMatch(value -> value != 0);
  }
}
