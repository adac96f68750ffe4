package io.sluice.bench.frontier;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command-line options, of the benchmark and of the processes that it starts. */
final class Options {

  @Option(
      names = "--urls",
      paramLabel = "N",
      defaultValue = "100000000",
      description = "URLs seen before anything is measured (default: 100 million).")
  long urls;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Hosts, sized by a power law of exponent 1 (default: 1 million).")
  int hosts;

  @Option(
      names = "--offers",
      paramLabel = "N",
      defaultValue = "20000000",
      description = "Offers measured, nine of ten seen before (default: 20 million).")
  long offers;

  @Option(
      names = "--leases",
      paramLabel = "N",
      defaultValue = "5000000",
      description = "Leases taken and settled (default: 5 million).")
  long leases;

  @Option(
      names = "--new",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "New URLs among the measured offers, 0 to 1 (default: 0.1).")
  double newShare;

  @Option(
      names = "--load-new",
      paramLabel = "SHARE",
      defaultValue = "1",
      description = "New URLs among the offers that load it, above 0 to 1 (default: 1).")
  double loadNewShare;

  @Option(
      names = "--recent",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description =
          "Repeated offers that are of the last 4,096 new URLs, the others being of any (default:"
              + " 0.5).")
  double recentShare;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Offers in a call (default: 1024).")
  int batch;

  @Option(
      names = "--budget",
      paramLabel = "MINUTES",
      defaultValue = "0",
      description = "A phase that takes longer is cut, and the table says so (default: 0, none).")
  long budgetMinutes;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Another seed draws other URLs (default: 1).")
  long seed;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "800m",
      description = "Of each contender's JVM, as -Xmx takes it (default: 800m).")
  String heap = "";

  @Option(
      names = "--crash-after",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Work done after the restart, before the kill (default: 10).")
  long crashAfterSeconds;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the files go, and are deleted afterwards (default: a temporary one).")
  @Nullable Path directory;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these of sluice, rocksdb, mvstore (default: all).")
  Contender.Kind @Nullable [] only;

  @Option(
      names = "--jvm",
      paramLabel = "FLAG",
      description = "One more flag for the contenders' JVMs, such as one that records a profile.")
  String @Nullable [] jvm;

  @Option(names = "--keep", description = "Leave the files where they are.")
  boolean keep;

  /** The deadline of a phase that starts now. */
  long deadlineNanos() {
    long minutes = budgetMinutes == 0 ? TimeUnit.DAYS.toMinutes(30) : budgetMinutes;
    return System.nanoTime() + TimeUnit.MINUTES.toNanos(minutes);
  }
}
