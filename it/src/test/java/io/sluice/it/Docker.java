package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The Docker engine, used through its command-line client. Finds out within seconds whether
 * containers can be run, and runs them. Confined to the test's thread.
 */
final class Docker {

  private static final Duration POLL = Duration.ofMillis(50);

  private final String client;
  private final Duration patience;
  private final Duration pull;

  /** The engine of this machine. */
  Docker() {
    this("docker", Duration.ofSeconds(10), Duration.ofMinutes(5));
  }

  /**
   * @param client the command of the client
   * @param patience maximum time for the engine to answer, or a registry to start sending an image
   * @param pull maximum time for the transfer of an image
   */
  Docker(String client, Duration patience, Duration pull) {
    this.client = client;
    this.patience = patience;
    this.pull = pull;
  }

  /**
   * Returns why containers cannot be run; empty if they can.
   *
   * @param images the images needed, which are pulled if missing
   * @param registry whether the registry must be reachable in any case, because an image is built
   */
  Optional<String> lacks(List<String> images, boolean registry) {
    if (!answers("version", "--format", "{{.Server.Version}}")) {
      return Optional.of("no Docker engine answers within " + patience);
    }
    for (String image : images) {
      if (registry || !answers("image", "inspect", image)) {
        if (!pulls(image)) {
          return Optional.of("no registry gives the image " + image + " within " + patience);
        }
      }
    }
    return Optional.empty();
  }

  private boolean answers(String... args) {
    try (Running running = new Running(args)) {
      return running.endsWithin(patience) && running.status() == 0;
    } catch (IOException e) {
      return false; // the command does not exist
    }
  }

  /**
   * Pulls an image; returns whether that succeeded. A reachable registry answers at once, although
   * the transfer may take a while.
   */
  private boolean pulls(String image) {
    try (Running running = new Running("pull", image)) {
      long giveUp = System.nanoTime() + patience.toNanos();
      while (!running.endsWithin(POLL) && !running.said("Pulling from")) {
        if (System.nanoTime() - giveUp > 0) {
          return false;
        }
      }
      return running.endsWithin(pull) && running.status() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Runs a command of the client, which must succeed; returns what it printed. */
  String run(Duration bound, String... args) throws IOException {
    try (Running running = new Running(args)) {
      assertThat(running.endsWithin(bound)).as("%s takes more than %s", running, bound).isTrue();
      assertThat(running.status()).as("%s: %s", running, running.errors()).isZero();
      return running.output();
    }
  }

  /** A running command of the client; closing it kills the command. */
  private final class Running implements AutoCloseable {

    private final List<String> command;
    private final Path output = Files.createTempFile("docker-out", ".txt");
    private final Path errors = Files.createTempFile("docker-err", ".txt");
    private final Process process;

    Running(String... args) throws IOException {
      command = new ArrayList<>(List.of(client));
      command.addAll(List.of(args));
      process =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
    }

    boolean endsWithin(Duration bound) {
      try {
        return process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    int status() {
      return process.exitValue();
    }

    boolean said(String words) throws IOException {
      return output().contains(words);
    }

    String output() throws IOException {
      return Files.readString(output);
    }

    String errors() throws IOException {
      return Files.readString(errors);
    }

    @Override
    public String toString() {
      return String.join(" ", command);
    }

    @Override
    public void close() {
      process.destroyForcibly();
      endsWithin(patience);
      try {
        Files.delete(output);
        Files.delete(errors);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
