package io.sluice.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Figures of a process from {@code /proc}. Immutable.
 *
 * @param descriptors number of open descriptors
 * @param threads number of threads
 * @param residentBytes resident memory of the process
 * @param cpuSeconds processor time used so far
 */
record ProcessSample(int descriptors, int threads, double residentBytes, double cpuSeconds) {

  /** The value of {@code sysconf(_SC_CLK_TCK)} on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  static ProcessSample of(long pid) throws IOException {
    Path proc = Path.of("/proc", Long.toString(pid));
    List<String> status = Files.readAllLines(proc.resolve("status"));
    String stat = Files.readString(proc.resolve("stat"));
    // Fields are counted after the name, which may contain anything; state is field 3, utime and
    // stime are 14 and 15.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double ticks = Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]);
    try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
      return new ProcessSample(
          (int) descriptors.count(),
          (int) number(status, "Threads:"),
          number(status, "VmRSS:") * 1024.0,
          ticks / TICKS_PER_SECOND);
    }
  }

  private static long number(List<String> status, String field) {
    return status.stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).strip().split(" ", -1)[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }
}
