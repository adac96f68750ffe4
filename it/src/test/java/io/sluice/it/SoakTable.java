package io.sluice.it;

import io.sluice.it.Flatness.Rule;
import io.sluice.it.web.Behaviour;
import io.sluice.it.web.HostileWeb;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The soak's report as text. Stateless. */
final class SoakTable {

  private SoakTable() {}

  static String of(SoakSampler sampler, HostileWeb web, Duration ran, Duration stop) {
    StringBuilder text = new StringBuilder(8192);
    line(
        text,
        "%-28s %10s %10s %10s %10s %11s  %s",
        "series",
        "start",
        "end",
        "min",
        "max",
        "per h",
        "verdict");
    sampler.series().stream().filter(SoakSeries::worthShowing).forEach(series -> row(text, series));
    text.append('\n');
    totals(text, sampler, web, ran, stop);
    return text.toString();
  }

  private static void row(StringBuilder text, SoakSeries series) {
    double[] values = series.values();
    if (values.length == 0) {
      return;
    }
    Flatness flatness = series.flatness();
    line(
        text,
        "%-28s %10s %10s %10s %10s %11s  %s",
        series.name(),
        amount(values[0]),
        amount(values[values.length - 1]),
        amount(Arrays.stream(values).min().orElse(0)),
        amount(Arrays.stream(values).max().orElse(0)),
        amount(flatness.slopePerHour()),
        verdict(series.rule(), flatness));
  }

  private static String verdict(Rule rule, Flatness flatness) {
    if (rule == Rule.SHOWN) {
      return "-";
    }
    if (flatness.flat()) {
      return flatness.sure() ? "flat (within its allowance)" : "flat";
    }
    return "CLIMBS by " + amount(flatness.rise()) + ", allowed " + amount(flatness.allowed());
  }

  private static void totals(
      StringBuilder text, SoakSampler sampler, HostileWeb web, Duration ran, Duration stop) {
    long requests = web.requests();
    Map<Behaviour.Kind, Long> byKind = new EnumMap<>(Behaviour.Kind.class);
    for (Behaviour behaviour : Behaviour.values()) {
      byKind.merge(behaviour.kind(), web.requests(behaviour), Long::sum);
    }
    line(
        text,
        "fetches              %,d in %,d s, %.0f a second",
        requests,
        ran.toSeconds(),
        requests / Math.max(1.0, ran.toMillis() / 1e3));
    byKind.forEach((kind, n) -> line(text, "  the server sent    %-10s %,d", kind.word(), n));
    line(text, "good pages again     %,d", web.goodAskedAgain());
    Metrics fetcher = sampler.fetcher();
    fetcher
        .byLabel("sluice_urls_ended_total")
        .forEach((ending, n) -> line(text, "  urls ended as      %-14s %,.0f", ending, n));
    fetcher
        .byLabel("sluice_fetch_failures_total")
        .forEach(
            (reason, n) -> {
              if (n > 0) {
                line(text, "  failed attempts    %-20s %,.0f", reason, n);
              }
            });
    sampler
        .processes()
        .forEach(
            (process, sample) ->
                line(
                    text,
                    "cpu of %-13s %.0f s, %.3f s per 1,000 fetches",
                    process,
                    sample.cpuSeconds(),
                    sample.cpuSeconds() * 1000 / Math.max(1, requests)));
    line(text, "stop took            %d ms", stop.toMillis());
  }

  /**
   * Formats a value: in MiB if it is at least a hundred thousand, since such a value must be bytes;
   * otherwise as it is.
   */
  private static String amount(double value) {
    return Math.abs(value) >= 100_000
        ? String.format(Locale.ROOT, "%.1fM", value / (1 << 20))
        : String.format(Locale.ROOT, Math.rint(value) == value ? "%.0f" : "%.1f", value);
  }

  @SuppressWarnings("AnnotateFormatMethod") // only called with literals, above
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
