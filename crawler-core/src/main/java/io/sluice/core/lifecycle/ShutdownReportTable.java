package io.sluice.core.lifecycle;

import io.sluice.core.lifecycle.ShutdownReport.Leftovers;
import io.sluice.core.lifecycle.ShutdownReport.StagePart;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * The shutdown report as plain text for a log: aligned columns, no control characters. Stateless.
 */
public final class ShutdownReportTable {

  private ShutdownReportTable() {}

  /** The table, several lines, without a line break at its end. */
  public static String render(ShutdownReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s stopped (%s) in %s ms: %s"
            .formatted(
                report.process(), report.reason(), millis(report.took()), verdict(report.exit())));
    addStages(lines, report);
    addLeases(lines, report.leases());
    restingLine(report.resting()).ifPresent(lines::add);
    addAudit(lines, report.left());
    lines.add(
        "log         %d warnings, %d errors"
            .formatted(report.log().warnings(), report.log().errors()));
    report.failures().forEach(failure -> lines.add("failed      " + failure));
    report.findings().forEach(finding -> lines.add("found       " + finding));
    return lines.stream().map(ShutdownReportTable::printable).collect(Collectors.joining("\n"));
  }

  /**
   * The line on fetched pages that are waiting in Redis for the next run; empty if their number is
   * unknown.
   */
  public static Optional<String> restingLine(OptionalLong resting) {
    return resting.isPresent()
        ? Optional.of(
            "in Redis    %d pages, which the next run parses".formatted(resting.getAsLong()))
        : Optional.empty();
  }

  /** The lines on resources left open, which every table has. */
  public static List<String> auditLines(Leftovers left) {
    List<String> lines = new ArrayList<>();
    addAudit(lines, left);
    return lines.stream().map(ShutdownReportTable::printable).toList();
  }

  private static String verdict(ExitCode exit) {
    String meaning =
        switch (exit) {
          case CLEAN -> "clean";
          case NO_START -> "never started";
          case FORCED -> "forced; nothing is lost";
          case LEAK -> "LEAK";
          case NO_PAGE -> "clean, but the crawl's directory has no pages";
        };
    return meaning + ", exit " + exit.status();
  }

  private static void addStages(List<String> lines, ShutdownReport report) {
    int width = "total".length();
    for (StagePart stage : report.stages()) {
      width = Math.max(width, stage.name().length());
    }
    String row = "  %-" + width + "s %9s %9s %9s";
    StringBuilder head =
        new StringBuilder(row.formatted("stage", "cancelled", "drained", "forced"));
    StringBuilder total =
        new StringBuilder(
            row.formatted("total", report.cancelled(), report.drained(), report.forced()));
    report
        .phases()
        .forEach(
            (phase, took) -> {
              head.append(" %14s".formatted(phase.word() + " ms"));
              total.append(" %14s".formatted(millis(took)));
            });
    lines.add(head.toString());
    for (StagePart stage : report.stages()) {
      StringBuilder line =
          new StringBuilder(
              row.formatted(stage.name(), stage.cancelled(), stage.drained(), stage.forced()));
      for (Phase phase : report.phases().keySet()) {
        Duration took = stage.took().get(phase);
        line.append(" %14s".formatted(took == null ? "" : millis(took)));
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.add(total.toString());
  }

  private static void addLeases(List<String> lines, LeaseSums leases) {
    if (leases.equals(LeaseSums.NONE)) {
      return;
    }
    lines.add(
        "leases      %d leased = %d done + %d retried + %d given back + %d outstanding%s"
            .formatted(
                leases.leased(),
                leases.done(),
                leases.retried(),
                leases.givenBack(),
                leases.outstanding(),
                leases.balanced() ? "" : ": DOES NOT BALANCE"));
    if (leases.forcedCount() > 0) {
      lines.add(
          "forced      %d leases, whose URLs will be visited again"
              .formatted(leases.forcedCount()));
    }
  }

  private static void addAudit(List<String> lines, Leftovers left) {
    lines.add("ledger      " + (left.ledger().isEmpty() ? "empty" : kinds(left.ledger())));
    left.entries().forEach(entry -> lines.add("  open      " + entry));
    lines.add("descriptors " + census(left.descriptorsNow()));
    lines.add("  at start  " + census(left.descriptorsAtStart()));
    if (!left.risen().isEmpty()) {
      lines.add("  RISEN     " + kinds(left.risen()));
    }
    left.descriptorsNow().strays().forEach(stray -> lines.add("  stray     " + stray));
    left.descriptorsNow().phantoms().forEach(phantom -> lines.add("  phantom   " + phantom));
    lines.add(
        "threads     "
            + (left.threads().isEmpty() ? "none left" : String.join(", ", left.threads())));
    lines.add(
        "direct      %d buffers, %d bytes"
            .formatted(left.directMemory().buffers(), left.directMemory().bytes()));
  }

  private static String census(Census census) {
    String total = count(census.total()) + " of " + count(census.limit());
    return census.attributed()
        ? total + ": " + kinds(census.byKind())
        : total + ", owners unavailable without /proc";
  }

  private static String count(OptionalInt count) {
    return count.isPresent() ? Integer.toString(count.getAsInt()) : "?";
  }

  private static String kinds(Map<ResourceKind, Integer> counts) {
    return counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(count -> count.getKey().word() + " " + count.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
  }

  /** Names of threads and texts of exceptions are not ours and must not forge lines of the log. */
  private static String printable(String line) {
    StringBuilder safe = new StringBuilder(line.length());
    line.codePoints()
        .forEach(
            c ->
                safe.appendCodePoint(
                    Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c));
    return safe.toString();
  }
}
