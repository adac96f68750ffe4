package io.sluice.it;

import io.sluice.it.Flatness.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A repeatedly measured figure. Confined to the sampling thread. */
final class SoakSeries {

  private final String name;
  private final Rule rule;
  private final int every;
  private final List<Double> seconds = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();

  /**
   * @param every number of samples per reading: 1 or 5
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

  /** Adds a reading; {@code NaN} is ignored. */
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

  /** Whether the series is worth showing: false if the process never had resources of this kind. */
  boolean worthShowing() {
    return rule == Rule.NEVER || Arrays.stream(values()).anyMatch(value -> value != 0);
  }
}
