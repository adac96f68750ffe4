package io.sluice.bench;

import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.seen.SeenFiles;
import io.sluice.frontier.seen.SeenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Looks up fingerprints in a set of 10 million that were spilled and merged; nine of ten lookups
 * are hits, evenly spread, and the files are in the page cache. Uses a fetcher's compiler options.
 * The result is the time of one lookup.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"})
public class SeenSetBenchmark {

  private static final int COUNT = 10_000_000;
  private static final int BATCH = 10_000;
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private final SplittableRandom random = new SplittableRandom(1);
  private final long[] batch = new long[BATCH];
  private Path directory = Path.of("");
  private SeenSet set = SeenSet.inMemory();

  /** Fills the set. */
  @Setup
  public void fill() throws IOException {
    directory = Files.createTempDirectory("seen-set");
    SeenFiles files = new SeenFiles(Disk.SYSTEM, directory, 0, 24, new ResourceLedger());
    set = SeenSet.open(files, Runnable::run, SeenSet.RECENT_LIMIT, List.of(), 1);
    for (int i = 0; i < COUNT; i++) {
      set.add(fingerprint(i));
      if (set.worthSpill()) {
        set.spill();
      }
    }
    set.spill();
    while (set.installMerged()) {
      // wait until no merge is left: a finished one may start the next
    }
  }

  /** Chooses the fingerprints to look up. */
  @Setup(Level.Invocation)
  public void choose() {
    for (int i = 0; i < BATCH; i++) {
      batch[i] = fingerprint(random.nextInt(COUNT / 9 * 10));
    }
  }

  /** A bijection that spreads numbers as a hash does. */
  private static long fingerprint(long number) {
    long mixed = (number + 1) * STEP;
    mixed = (mixed ^ (mixed >>> 32)) * STEP;
    return mixed ^ (mixed >>> 29);
  }

  /** Looks up the fingerprints one by one, without preparation. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void single(Blackhole sink) throws IOException {
    for (long fingerprint : batch) {
      sink.consume(set.contains(fingerprint));
    }
  }

  /** Looks up the fingerprints after preparing a whole batch. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void prepared(Blackhole sink) throws IOException {
    set.prepare(batch, BATCH);
    single(sink);
  }

  /** Deletes the files. */
  @TearDown
  public void delete() throws IOException {
    set.close();
    for (long number = 1; number < set.nextNumber(); number++) {
      Files.deleteIfExists(directory.resolve("seen-" + number));
    }
    Files.delete(directory);
  }
}
