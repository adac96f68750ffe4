package io.sluice.bench.frontier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures this process's resource usage from Linux's {@code /proc/self}. The kernel records a peak
 * only for the whole memory, so a separate thread samples the anonymous part five times a second.
 * Thread-safe: the peak is one volatile field that a new phase resets.
 */
final class ProcessGauge {

  private static final Path PROC = Path.of("/proc/self");

  /** Clock ticks per second in {@code /proc}; 100 on every current Linux machine. */
  private static final double TICKS_A_SECOND = 100;

  private static final long SAMPLE_MILLIS = 200;

  private volatile long peakAnonymous;

  /** Starts sampling. */
  ProcessGauge() {
    Thread.ofPlatform().daemon().name("memory-gauge").start(this::sample);
  }

  private void sample() {
    try {
      while (true) {
        peakAnonymous = Math.max(peakAnonymous, status("RssAnon:"));
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("the memory is not sampled any more: " + e);
    }
  }

  /** User and system time of all threads so far, in seconds, with a resolution of 10 ms. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(PROC.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  /** Resets the peaks. */
  void resetPeaks() throws IOException {
    peakAnonymous = 0;
    Files.writeString(PROC.resolve("clear_refs"), "5");
  }

  /** Peak resident memory since the last reset, in bytes. */
  long peakRss() throws IOException {
    return status("VmHWM:");
  }

  /** Peak anonymous memory since the last reset, in bytes, as sampled. */
  long peakAnonymous() throws IOException {
    return Math.max(peakAnonymous, status("RssAnon:"));
  }

  /** Reachable bytes of the heap, measured after a full collection. */
  static long liveHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Total length of all files below a directory; files that disappear meanwhile are ignored. */
  static long diskBytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.mapToLong(ProcessGauge::length).sum();
    }
  }

  private static long length(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long status(String key) throws IOException {
    List<String> lines = Files.readAllLines(PROC.resolve("status"));
    for (String line : lines) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()).replace("kB", "").strip()) << 10;
      }
    }
    throw new IOException("no " + key + " in " + PROC.resolve("status"));
  }
}
