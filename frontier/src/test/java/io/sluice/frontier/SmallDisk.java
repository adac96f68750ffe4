package io.sluice.frontier;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small file system in memory, if the machine allows mounting one. */
final class SmallDisk implements AutoCloseable {

  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /**
   * Mounts a file system of the given size; skips the test, with the reason, if that is not
   * allowed.
   */
  static SmallDisk mount(Path place, String size) throws IOException {
    Files.createDirectories(place);
    String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString());
    assumeTrue(refusal.isEmpty(), "a tmpfs cannot be mounted here: " + refusal);
    return new SmallDisk(place);
  }

  /** Enlarges it. */
  void grow(String size) throws IOException {
    must(run("mount", "-o", "remount,size=" + size, place.toString()));
  }

  @Override
  public void close() throws IOException {
    must(run("umount", place.toString()));
  }

  private static void must(String refusal) {
    if (!refusal.isEmpty()) {
      throw new AssertionError(refusal);
    }
  }

  /** Runs a command; returns its output if it fails, otherwise an empty string. */
  private static String run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      byte[] output = process.getInputStream().readAllBytes();
      String said = new String(output, StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : List.of(command) + ": " + said;
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted in " + List.of(command));
    } catch (IOException e) {
      return List.of(command) + ": " + e.getMessage();
    }
  }
}
