package io.sluice.bench.frontier;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;

/**
 * The process in which one contender runs one of three parts: {@code fill}; {@code reopen}, which
 * works until it is killed; and {@code recover}. Ends when its parent ends. Prints its {@linkplain
 * Measurement measurements}. Confined to the main thread.
 */
final class ContenderProcess {

  /** The line that {@code reopen} prints once it is working. */
  static final String WORKING = "working";

  private static final long CALIBRATION = 2_000_000;
  private static final long LEASES_BETWEEN = 5_000;
  private static final int BATCHES_BETWEEN = 50;

  private final Contender.Kind kind;
  private final Path directory;
  private final Options options;
  private final ProcessGauge gauge = new ProcessGauge();
  private final Workload workload;
  private String note = "-";

  private ContenderProcess(Contender.Kind kind, Path directory, Options options, long created) {
    this.kind = kind;
    this.directory = directory;
    this.options = options;
    this.workload = new Workload(options.seed, options.hosts, options.recentShare, created);
  }

  /** A measured piece of work; returns how many items it processed. */
  private interface Work {
    long run() throws Exception;
  }

  /**
   * Runs one part and ends the process.
   *
   * @param args the part, the contender, its directory, the number of URLs offered by earlier
   *     parts; then the options
   */
  public static void main(String[] args) throws Exception {
    Options options = new Options();
    String[] rest = Arrays.copyOfRange(args, 4, args.length);
    var _ = new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(rest);
    Contender.Kind kind = Contender.Kind.valueOf(args[1]);
    endWithParent();
    ContenderProcess process =
        new ContenderProcess(kind, Path.of(args[2]), options, Long.parseLong(args[3]));
    switch (args[0]) {
      case "fill" -> process.fill();
      case "reopen" -> process.reopen();
      case "recover" -> process.recover();
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0); // exit without waiting for the contender's own threads
  }

  /** Exits when standard input ends: the parent holds its other end and writes nothing to it. */
  private static void endWithParent() {
    Thread.ofPlatform()
        .daemon()
        .name("parent-watch")
        .start(
            () -> {
              try {
                int _ = System.in.read();
              } catch (IOException e) {
                System.err.println("the parent is not watched any more: " + e);
              }
              Runtime.getRuntime().halt(2);
            });
  }

  private void fill() throws Exception {
    calibrate();
    Contender contender = kind.open(Files.createDirectories(directory));
    measure("load", () -> load(contender));
    checkTally(contender);
    measure("offer", () -> offer(contender, options.offers, options.newShare));
    checkTally(contender);
    measure("lease+settle", () -> lease(contender));
    measure(
        "close",
        () -> {
          contender.close();
          return 0;
        });
  }

  /**
   * Measures the cost of generating the offers alone, after a first round in which the code is
   * compiled.
   */
  private void calibrate() throws Exception {
    Workload other = new Workload(options.seed, options.hosts, options.recentShare, options.urls);
    draw(other, CALIBRATION);
    measure("generator", () -> draw(other, CALIBRATION));
  }

  private long draw(Workload from, long count) {
    for (long drawn = 0; drawn < count; drawn += options.batch) {
      if (from.draw(options.batch, options.newShare).isEmpty()) {
        throw new IllegalStateException("nothing was drawn");
      }
    }
    return count;
  }

  private long load(Contender contender) throws Exception {
    long deadline = options.deadlineNanos();
    long offered = 0;
    while (workload.created() < options.urls) {
      if (System.nanoTime() - deadline >= 0) {
        note = "cut by --budget";
        break;
      }
      long left = options.urls - workload.created();
      int count = (int) Math.min(options.batch, Math.max(1, left));
      contender.offer(workload.draw(count, options.loadNewShare));
      offered += count;
    }
    contender.awaitOffers();
    return offered;
  }

  private long offer(Contender contender, long count, double newShare) throws Exception {
    long deadline = options.deadlineNanos();
    long offered = 0;
    while (offered < count) {
      if (System.nanoTime() - deadline >= 0) {
        note = "cut by --budget";
        break;
      }
      contender.offer(workload.draw(options.batch, newShare));
      offered += options.batch;
    }
    contender.awaitOffers();
    return offered;
  }

  private long lease(Contender contender) throws Exception {
    long leased = contender.leaseAndSettle(options.leases, options.deadlineNanos());
    if (leased < options.leases) {
      note = "fewer than asked for";
    }
    return leased;
  }

  /**
   * Checks that every URL was accepted exactly once; any other number means that an answer was
   * wrong.
   */
  private void checkTally(Contender contender) {
    Contender.Tally tally = contender.tally();
    if (tally.accepted() != workload.created()) {
      System.err.printf(
          "%s: %,d URLs were offered, but %s%n", kind, workload.created(), tally.toString());
    }
  }

  private void reopen() throws Exception {
    Contender contender = restart("restart");
    System.out.println(WORKING);
    while (true) {
      long _ = offer(contender, (long) BATCHES_BETWEEN * options.batch, options.newShare);
      long _ = contender.leaseAndSettle(LEASES_BETWEEN, options.deadlineNanos());
    }
  }

  private void recover() throws Exception {
    Contender contender = restart("recovery");
    contender.close();
  }

  /** Measures from the start of the JVM until the first lease is settled. */
  private Contender restart(String name) throws Exception {
    Contender contender = kind.open(directory);
    if (contender.leaseAndSettle(1, options.deadlineNanos()) != 1) {
      note = "nothing was left to lease";
    }
    long began = ManagementFactory.getRuntimeMXBean().getStartTime();
    report(name, 1, (System.currentTimeMillis() - began) / 1e3, gauge.cpuSeconds());
    return contender;
  }

  private void measure(String name, Work work) throws Exception {
    note = "-";
    gauge.resetPeaks();
    double cpu = gauge.cpuSeconds();
    long began = System.nanoTime();
    long items = work.run();
    report(name, items, (System.nanoTime() - began) / 1e9, gauge.cpuSeconds() - cpu);
  }

  private void report(String name, long items, double seconds, double cpuSeconds) throws Exception {
    long peak = gauge.peakRss();
    long anonymous = gauge.peakAnonymous();
    long disk = Files.exists(directory) ? ProcessGauge.diskBytes(kind.files(directory)) : 0;
    long urls = workload.created();
    System.out.println(
        new Measurement(
                name,
                items,
                seconds,
                cpuSeconds,
                peak,
                anonymous,
                ProcessGauge.liveHeap(),
                disk,
                urls,
                note)
            .line());
  }
}
