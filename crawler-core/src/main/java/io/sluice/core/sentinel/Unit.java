package io.sluice.core.sentinel;

import java.util.Locale;

/**
 * The unit in which the sentinel measures a kind of resource, and the smallest rise that it treats
 * as growth.
 */
enum Unit {
  PIECES(8) {
    @Override
    String text(double amount) {
      return amount < 10 && amount != Math.rint(amount)
          ? String.format(Locale.ROOT, "%.1f", amount)
          : String.format(Locale.ROOT, "%,d", Math.round(amount));
    }
  },
  BYTES(64 << 20) {
    @Override
    String text(double amount) {
      return String.format(Locale.ROOT, "%,.1f MiB", amount / (1 << 20));
    }
  };

  private final double leastRise;

  Unit(double leastRise) {
    this.leastRise = leastRise;
  }

  double leastRise() {
    return leastRise;
  }

  /** An amount for people. */
  abstract String text(double amount);
}
