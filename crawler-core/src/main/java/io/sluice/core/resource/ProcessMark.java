package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * Identifies a process, as opposed to a later one with the same number, by its start time as the
 * kernel reports it. The start time is in ticks since boot, together with the boot's id, so that a
 * jump of the clock changes nothing; on systems without these it is the time of day. Immutable.
 *
 * @param pid the process's number
 * @param born its start time, in this system's notation; empty if unknown: then no process matches
 */
public record ProcessMark(long pid, String born) {

  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");

  /** The index of a field of {@code /proc/PID/stat} after the name, which may contain anything. */
  private static final int STATE = 0;

  private static final int START_TICKS = 19;

  /** The mark of a process; its start time is empty if the process is gone. */
  public static ProcessMark of(ProcessHandle process) {
    return new ProcessMark(process.pid(), born(process));
  }

  /** The mark that {@link #toString} wrote; empty if the text is not one. */
  public static Optional<ProcessMark> parse(String text) {
    String[] words = text.strip().split(" ", 2);
    try {
      return Optional.of(
          new ProcessMark(Long.parseLong(words[0]), words.length < 2 ? "" : words[1]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The process; empty if it has ended, is a zombie, or another process now has its number. */
  public Optional<ProcessHandle> running() {
    return born.isEmpty()
        ? Optional.empty()
        : ProcessHandle.of(pid).filter(process -> born(process).equals(born));
  }

  private static String born(ProcessHandle process) {
    try {
      String stat = Files.readString(PROC.resolve(Long.toString(process.pid())).resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", START_TICKS + 2);
      return fields[STATE].equals("Z") || fields[STATE].equals("X")
          ? ""
          : fields[START_TICKS] + "@" + Files.readString(BOOT).strip();
    } catch (IOException | IndexOutOfBoundsException e) {
      return Files.exists(BOOT)
          ? ""
          : process.info().startInstant().map(Instant::toString).orElse("");
    }
  }

  /** One line: the number, a blank, the start time. */
  @Override
  public String toString() {
    return pid + " " + born;
  }
}
