package io.sluice.bench.frontier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process uses, by Linux's {@code /proc/self}. A thread of its own samples the anonymous
 * part of the memory five times a second, since the kernel keeps a peak of the whole only.
 * Thread-safe: the peak is one volatile field that a new phase resets.
 */
final class ProcessGauge {

  private static final Path PROC = Path.of("/proc/self");

  /** What Linux counts processor time in, on every machine of today. */
  private static final double TICKS_A_SECOND = 100;

  private static final long SAMPLE_MILLIS = 200;

  private volatile long peakAnonymous;

  /** Begins to sample. */
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

  /** User and system time of all threads so far, in seconds, to a hundredth. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(PROC.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
  }

  /** Begins the peaks anew. */
  void resetPeaks() throws IOException {
    peakAnonymous = 0;
    Files.writeString(PROC.resolve("clear_refs"), "5");
  }

  /** The most bytes resident since the last reset. */
  long peakRss() throws IOException {
    return status("VmHWM:");
  }

  /** The most anonymous bytes resident since the last reset, as sampled. */
  long peakAnonymous() throws IOException {
    return Math.max(peakAnonymous, status("RssAnon:"));
  }

  /** Bytes of the heap that are reachable; collects all garbage to know. */
  static long liveHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The lengths of all files below a directory; those that vanish meanwhile count nothing. */
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
