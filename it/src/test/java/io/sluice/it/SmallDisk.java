package io.sluice.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system in memory with little room, where the machine lets one be mounted. */
final class SmallDisk implements AutoCloseable {

  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /** Mounts one; skips the test, saying why, where that is not allowed. */
  static SmallDisk mount(Path place, String size) throws IOException, InterruptedException {
    Files.createDirectories(place);
    String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString());
    if (!refusal.isEmpty()) {
      System.out.println("SKIPPED: a tmpfs cannot be mounted here: " + refusal);
    }
    assumeTrue(refusal.isEmpty(), "a tmpfs cannot be mounted here: " + refusal);
    return new SmallDisk(place);
  }

  /** Mounts it anew with other options: {@code size=64m}, {@code ro}. */
  void remount(String options) throws IOException, InterruptedException {
    must(run("mount", "-o", "remount," + options, place.toString()));
  }

  @Override
  public void close() throws IOException {
    try {
      must(run("umount", place.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void must(String refusal) {
    if (!refusal.isEmpty()) {
      throw new AssertionError(refusal);
    }
  }

  /** Runs a command; what it says if it fails, else nothing. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return List.of(command) + ": " + e.getMessage();
    }
    byte[] output = process.getInputStream().readAllBytes();
    String said = new String(output, StandardCharsets.UTF_8).strip();
    return process.waitFor() == 0 ? "" : List.of(command) + ": " + said;
  }
}
