package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ProcessMark;
import io.sluice.core.resource.ResourceKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running child and the pipes to it: its standard input, which stays open and silent as long as
 * this process lives, and its standard error, whose lines go to a consumer. Owns the process:
 * {@link #close} kills it if it still runs. Thread-safe: the process object is; lines are passed on
 * a thread of this object's, which ends with the child.
 */
public final class ChildProcess implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  private static final Duration KILL_WAIT = Duration.ofSeconds(5);

  /** The process, the pipes to its input and from its errors, and the thread that reads these. */
  private static final List<ResourceKind> OF_A_CHILD =
      List.of(ResourceKind.PROCESS, ResourceKind.PIPE, ResourceKind.PIPE, ResourceKind.THREAD);

  private final String name;
  private final Process process;
  private final Thread errorReader;
  private final List<Ledger.Entry> entries;

  private ChildProcess(
      String name, Process process, Thread errorReader, List<Ledger.Entry> entries) {
    this.name = name;
    this.process = process;
    this.errorReader = errorReader;
    this.entries = entries;
  }

  /**
   * Starts a child.
   *
   * @param words the command line
   * @param environment variables set beside this process's own
   * @param errorLines takes each line of the child's standard error, on a thread of the child's
   * @throws IOException when the program cannot be run
   */
  public static ChildProcess start(
      String name,
      List<String> words,
      Map<String, String> environment,
      Consumer<String> errorLines,
      Ledger ledger)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.PIPE);
    builder.environment().putAll(environment);
    Process process = builder.start();
    List<Ledger.Entry> entries = new ArrayList<>();
    for (ResourceKind kind : OF_A_CHILD) {
      entries.add(ledger.enter(kind, "launcher." + name));
    }
    Thread reader = new Thread(() -> forward(name, process, errorLines), "stderr-" + name);
    reader.setDaemon(true);
    reader.start();
    return new ChildProcess(name, process, reader, entries);
  }

  private static void forward(String name, Process process, Consumer<String> errorLines) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        errorLines.accept(line);
      }
    } catch (IOException e) {
      log.debug("the standard error of {} broke", name, e);
    }
  }

  /** The child's name. */
  public String name() {
    return name;
  }

  /** The child's process id. */
  public long pid() {
    return process.pid();
  }

  /** Which process the child is, for a later run to know it by. */
  ProcessMark mark() {
    return ProcessMark.of(process.toHandle());
  }

  /** Whether the child runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Completes with the exit status when the child has ended, on a thread of the JVM's. */
  public CompletionStage<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Sends SIGTERM. */
  public void terminate() {
    // Not Process.destroy: that closes the pipes too, and the child would take it for our death.
    process.toHandle().destroy();
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits until the child has ended; false when the deadline passed, or was cut, first. */
  public boolean await(Deadline deadline) throws InterruptedException {
    return deadline.await(process.onExit());
  }

  /** The exit status of a child that has ended: as a shell gives it, 128 + n for signal n. */
  public int status() {
    return process.exitValue();
  }

  /** Waits until every line that the child wrote was passed on. */
  public void awaitLines(Deadline deadline) throws InterruptedException {
    errorReader.join(deadline.left());
  }

  /** Kills the child if it still runs, and closes the pipes. Takes a few seconds at most. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.onExit().get(KILL_WAIT.toMillis(), TimeUnit.MILLISECONDS);
      errorReader.join(KILL_WAIT);
      entries.forEach(Ledger.Entry::close);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.error("{} (pid {}) does not die", name, pid(), e);
    }
  }
}
