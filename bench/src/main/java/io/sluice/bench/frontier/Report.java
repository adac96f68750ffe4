package io.sluice.bench.frontier;

import io.sluice.bench.frontier.Contender.Kind;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The measurements as Markdown: a table of phases, a table of sizes, and the targets that the
 * frontier must meet. A rate per core is items per second of processor time, less the cost of
 * generating the offers. Immutable.
 */
final class Report {

  private static final double MEBIBYTE = 1 << 20;

  private final Options options;
  private final Map<Kind, Map<String, Measurement>> results;
  private final StringBuilder text = new StringBuilder();

  Report(Options options, Map<Kind, Map<String, Measurement>> results) {
    this.options = options;
    this.results = results;
  }

  /** The report as text. */
  String markdown() {
    line(
        String.format(
            Locale.ROOT,
            "%,d URLs on %,d hosts, seed %d; %d processors, %s heap; %s%n",
            options.urls,
            options.hosts,
            options.seed,
            Runtime.getRuntime().availableProcessors(),
            options.heap,
            System.getProperty("java.vm.version")));
    phases();
    sizes();
    bars();
    return text.toString();
  }

  private void phases() {
    line(
        "| contender | phase | items | wall s | CPU s | items/s | items/s a core | peak RSS MiB |");
    line("|---|---|--:|--:|--:|--:|--:|--:|");
    results.forEach((kind, phases) -> phases.values().forEach(phase -> phase(kind, phase)));
    line("");
  }

  private void phase(Kind kind, Measurement phase) {
    boolean rated = phase.items() > 1;
    line(
        String.format(
            Locale.ROOT,
            "| %s | %s | %,d | %.2f | %.2f | %s | %s | %.0f |%s",
            name(kind),
            phase.phase(),
            phase.items(),
            phase.seconds(),
            phase.cpuSeconds(),
            rated ? rate(phase.rate()) : "",
            rated ? rate(perCore(kind, phase)) : "",
            phase.peakRss() / MEBIBYTE,
            phase.note().equals("-") ? "" : " " + phase.note()));
  }

  private double perCore(Kind kind, Measurement phase) {
    Measurement generator = phase(kind, "generator");
    boolean offers = phase.phase().equals("load") || phase.phase().equals("offer");
    return offers && generator != null
        ? phase.ratePerCoreWithout(generator.cpuSeconds() / generator.items())
        : phase.ratePerCore();
  }

  private void sizes() {
    line("| contender | URLs | disk B/URL | live heap B/URL | anonymous B/URL | peak RSS MiB |");
    line("|---|--:|--:|--:|--:|--:|");
    results.keySet().forEach(this::sizes);
    line("");
  }

  private void sizes(Kind kind) {
    Measurement before = phase(kind, "generator");
    Measurement after = phase(kind, "offer");
    if (before != null && after != null) {
      double urls = after.urls();
      line(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.1f | %.1f | %.1f | %.0f |",
              name(kind),
              after.urls(),
              after.diskBytes() / urls,
              (after.liveHeap() - before.liveHeap()) / urls,
              after.peakAnonymous() / urls,
              peakRss(kind) / MEBIBYTE));
    }
  }

  private double peakRss(Kind kind) {
    return results.getOrDefault(kind, Map.of()).values().stream()
        .mapToLong(Measurement::peakRss)
        .max()
        .orElse(0);
  }

  private void bars() {
    if (!results.containsKey(Kind.SLUICE)) {
      return;
    }
    line("| bar | reached | |");
    line("|---|--:|---|");
    atLeast("offers/s a core >= 300,000", coreRate(Kind.SLUICE, "offer"), 300_000);
    atLeast("lease+settle/s a core >= 100,000", coreRate(Kind.SLUICE, "lease+settle"), 100_000);
    atLeast("offers, times RocksDB's >= 3", timesRocks("offer"), 3);
    atLeast("lease+settle, times RocksDB's >= 3", timesRocks("lease+settle"), 3);
    atMost("restart after a clean stop <= 10 s", seconds("restart"), 10);
    atMost("restart after a crash <= 30 s", seconds("recovery"), 30);
    atMost("peak memory <= 1,024 MiB", peakRss(Kind.SLUICE) / MEBIBYTE, 1024);
  }

  private double timesRocks(String phase) {
    return coreRate(Kind.SLUICE, phase) / coreRate(Kind.ROCKSDB, phase);
  }

  private double coreRate(Kind kind, String phase) {
    Measurement measured = phase(kind, phase);
    return measured == null ? Double.NaN : perCore(kind, measured);
  }

  private double seconds(String phase) {
    Measurement measured = phase(Kind.SLUICE, phase);
    return measured == null ? Double.NaN : measured.seconds();
  }

  private @Nullable Measurement phase(Kind kind, String phase) {
    return results.getOrDefault(kind, Map.of()).get(phase);
  }

  private void atLeast(String bar, double reached, double bound) {
    bar(bar, reached, reached >= bound);
  }

  private void atMost(String bar, double reached, double bound) {
    bar(bar, reached, reached <= bound);
  }

  private void bar(String bar, double reached, boolean passed) {
    String verdict = passed ? "pass" : "**fail**";
    String shown = String.format(Locale.ROOT, reached < 1_000 ? "%,.2f" : "%,.0f", reached);
    line(
        String.format(
            "| %s | %s | %s |", bar, shown, Double.isNaN(reached) ? "not measured" : verdict));
  }

  private static String rate(double rate) {
    return String.format(Locale.ROOT, "%,.0f", rate);
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
