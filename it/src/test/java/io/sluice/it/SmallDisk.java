package io.sluice.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A small file system in memory, on machines that allow mounting one. */
final class SmallDisk implements AutoCloseable {

  private final Path place;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /** Mounts a disk; skips the test with a message if that is not allowed. */
  static SmallDisk mount(Path place, String size) throws IOException, InterruptedException {
    Files.createDirectories(place);
    String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString());
    if (!refusal.isEmpty()) {
      System.out.println("SKIPPED: a tmpfs cannot be mounted here: " + refusal);
    }
    assumeTrue(refusal.isEmpty(), "a tmpfs cannot be mounted here: " + refusal);
    return new SmallDisk(place);
  }

  /** Remounts the disk with other options: {@code size=64m}, {@code ro}. */
  void remount(String options) throws IOException, InterruptedException {
    must(run("mount", "-o", "remount," + options, place.toString()));
  }

  /** Fills the disk, so that not even an existing file can grow by a block. */
  void fill() throws IOException {
    try (OutputStream filler = Files.newOutputStream(filler())) {
      byte[] block = new byte[4096];
      while (true) {
        filler.write(block);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Fills every block that becomes free, until the returned object is closed. */
  Closeable keepFull() throws IOException {
    fill();
    AtomicBoolean closed = new AtomicBoolean();
    Thread filling =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  while (!closed.get()) {
                    append();
                    LockSupport.parkNanos(1_000_000);
                  }
                });
    return () -> {
      closed.set(true);
      try {
        filling.join(Duration.ofSeconds(10));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private void append() {
    try {
      Files.write(filler(), new byte[4096], StandardOpenOption.APPEND);
    } catch (IOException e) {
      // the disk is full, or ran out of blocks during the same write
    }
  }

  /** Makes room again. */
  void empty() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return place.resolve("filler.bin");
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

  /** Runs a command; returns its message if it fails, otherwise an empty text. */
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
