package io.sluice.core.redis.server;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.ProcessMark;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a redis-server and its guardian, the shell that stops it when this process dies. Owns
 * both until {@link #stop}. Confined to its owner's thread, except for {@link #onExit}.
 */
final class RedisGuard {

  private static final Logger log = LoggerFactory.getLogger(RedisGuard.class);
  private static final Duration START_BOUND = Duration.ofSeconds(15);
  private static final Duration KILL_BOUND = Duration.ofSeconds(5);

  /** How long a server whose owner died may take to end: all must be gone within five seconds. */
  private static final int ORPHAN_PATIENCE_SECONDS = 3;

  private static final int POLL_MILLIS = 10;

  /** The exit status of a shell that has no permission to execute a program. */
  private static final int CANNOT_RUN = 126;

  private final Process guard;
  private final ProcessMark mark;

  private RedisGuard(Process guard, long pid) {
    this.guard = guard;
    this.mark =
        ProcessHandle.of(pid).map(ProcessMark::of).orElseGet(() -> new ProcessMark(pid, ""));
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @throws RedisUnavailableException if it does not answer; neither process is left running then
   */
  static RedisGuard launch(RedisFiles files, Path program, Path socket)
      throws IOException, RedisUnavailableException {
    Process guard = null;
    boolean started = false;
    try {
      files.writeConfig(socket);
      guard = guard(files, program);
      files.writeGuard(guard.toHandle());
      RedisGuard running = new RedisGuard(guard, awaitReady(files, socket, guard));
      started = true;
      return running;
    } finally {
      if (!started) {
        if (guard != null) {
          guard.getOutputStream().close();
          endsWithin(guard, Deadline.in(START_BOUND));
        }
        files.removeSocket(socket);
      }
    }
  }

  private static Process guard(RedisFiles files, Path program) throws IOException {
    String script;
    try (InputStream in = RedisGuard.class.getResourceAsStream("guard.sh")) {
      if (in == null) {
        throw new NoSuchFileException("guard.sh");
      }
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> command =
        List.of(
            "/bin/sh",
            "-c",
            script,
            "sluice-redis-guard",
            program.toString(),
            files.config().toString(),
            files.pidFile().toString(),
            String.valueOf(ORPHAN_PATIENCE_SECONDS));
    return new ProcessBuilder(command)
        .directory(files.dir().toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static long awaitReady(RedisFiles files, Path socket, Process guard)
      throws IOException, RedisUnavailableException {
    Deadline deadline = Deadline.in(START_BOUND);
    try (BufferedReader told = guard.inputReader(StandardCharsets.US_ASCII)) {
      while (!told.ready() || !files.accepts(socket)) {
        if (!guard.isAlive() || deadline.passed()) {
          throw new RedisUnavailableException(
              "the embedded Redis in %s did not start: %s"
                  .formatted(files.dir(), why(files, guard)));
        }
        if (!pause()) {
          throw new IOException("interrupted");
        }
      }
      return Long.parseLong(told.readLine());
    } catch (NumberFormatException e) {
      throw new IOException("the guardian did not report a process id", e);
    }
  }

  private static String why(RedisFiles files, Process guard) {
    return !guard.isAlive() && guard.exitValue() == CANNOT_RUN
        ? "programs may not run there; mount it without noexec, or use a Redis server at redis://"
        : "see " + files.log();
  }

  /** The redis-server's process id. */
  long pid() {
    return mark.pid();
  }

  /** Whether the server runs and would not outlive this process. */
  boolean alive() {
    return guard.isAlive() && server().isPresent();
  }

  private Optional<ProcessHandle> server() {
    return mark.running().filter(RedisFiles::runs);
  }

  /** Completes when the server has ended, for whatever reason. */
  CompletionStage<Void> onExit() {
    CompletableFuture<?> ended =
        mark.running()
            .map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    return ended.thenRun(() -> {});
  }

  /**
   * Stops the server, which writes its data first; kills it at the deadline. Idempotent.
   *
   * @return whether it ended by itself
   */
  boolean stop(Deadline deadline) {
    boolean guarded = guard.isAlive();
    letGo(deadline.left().toSeconds());
    Optional<ProcessHandle> server = server();
    if (!guarded) {
      server.ifPresent(ProcessHandle::destroy);
    }
    // The guardian ends after the server and is a child of this process, so its end is noticed at
    // once.
    boolean clean = endsWithin(guard, deadline) && (!guarded || guard.exitValue() == 0);
    if (server.isPresent() && RedisFiles.runs(server.get())) {
      clean &= !guarded && endsWithin(server.get(), deadline);
      server.get().destroyForcibly();
      endsWithin(server.get(), Deadline.in(KILL_BOUND));
      endsWithin(guard, Deadline.in(KILL_BOUND));
    }
    if (guard.isAlive()) { // it was paused, or hangs for another reason
      guard.destroyForcibly();
      endsWithin(guard, Deadline.in(KILL_BOUND));
    }
    return clean;
  }

  /** Asks the guardian to stop the server within the given time. */
  private void letGo(long patienceSeconds) {
    try (OutputStream pipe = guard.getOutputStream()) {
      pipe.write((patienceSeconds + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      log.debug("the guardian has ended, or was already told to stop the server", e);
    }
  }

  private static boolean endsWithin(Process child, Deadline deadline) {
    try {
      return child.waitFor(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !child.isAlive();
    }
  }

  /** Waits for the end of a server by polling, since it is not our child. */
  static boolean endsWithin(ProcessHandle server, Deadline deadline) {
    while (RedisFiles.runs(server) && !deadline.passed()) {
      if (!pause()) {
        break;
      }
    }
    return !RedisFiles.runs(server);
  }

  /** Pauses briefly; returns false, with the interrupt still set, if the thread was interrupted. */
  private static boolean pause() {
    try {
      Thread.sleep(POLL_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
