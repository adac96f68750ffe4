package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process, told apart from a later one that was given the same number: by when the kernel says
 * that it was born. That is kept in ticks since the boot where the system tells, so that a clock
 * that jumps changes nothing, with the boot's own id; elsewhere by the time of day. Immutable.
 *
 * @param pid the process's number
 * @param born when it was born, in words of this system; empty where that is unknown: then no
 *     process is taken for it
 */
public record ProcessMark(long pid, String born) {

  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT = PROC.resolve("sys/kernel/random/boot_id");

  /** Of the fields of {@code /proc/PID/stat} behind the name, which may hold anything. */
  private static final int STATE = 0;

  private static final int START_TICKS = 19;

  /** The mark of a process; one without a birth where it is gone. */
  public static ProcessMark of(ProcessHandle process) {
    return new ProcessMark(process.pid(), born(process));
  }

  /** The mark that {@link #toString} wrote; nothing where the text is none. */
  public static Optional<ProcessMark> parse(String text) {
    String[] words = text.strip().split(" ", 2);
    try {
      return Optional.of(
          new ProcessMark(Long.parseLong(words[0]), words.length < 2 ? "" : words[1]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The process, if it still runs: the very same, and not one that its parent has yet to bury. */
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

  /** One line: the number, a blank, the birth. */
  @Override
  public String toString() {
    return pid + " " + born;
  }
}
