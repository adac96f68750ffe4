package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ProcessMark;
import io.sluice.core.resource.ResourceKind;
import io.sluice.launcher.process.Notice;
import io.sluice.launcher.process.Order;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
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
 * A running child and the pipes to it: its standard input, which carries {@link Order}s and stays
 * open as long as this process lives, and its standard error, whose lines go to a consumer, except
 * for {@link Notice}s. Owns the process: {@link #close} kills it if it is still running.
 * Thread-safe, like the process object; lines are passed on a thread owned by this object, which
 * ends with the child.
 */
public final class ChildProcess implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ChildProcess.class);
  private static final Duration KILL_WAIT = Duration.ofSeconds(5);

  /**
   * Ledger entries of a child: the process, the pipes for its standard input and standard error,
   * and the thread that reads standard error.
   */
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
   * @param environment variables set in addition to this process's own
   * @param errorLines receives every other line of the child's standard error, on this object's
   *     thread
   * @param notices receives the child's notices, on the same thread
   * @throws IOException if the program cannot be run
   */
  public static ChildProcess start(
      String name,
      List<String> words,
      Map<String, String> environment,
      Consumer<String> errorLines,
      Consumer<Notice> notices,
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
    Consumer<String> lines =
        line -> Notice.parse(line).ifPresentOrElse(notices, () -> errorLines.accept(line));
    Thread reader = new Thread(() -> forward(name, process, lines), "stderr-" + name);
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
      log.debug("cannot read the standard error of {}", name, e);
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

  /** Returns the mark by which a later run identifies the child's process. */
  ProcessMark mark() {
    return ProcessMark.of(process.toHandle());
  }

  /** Whether the child is running. */
  public boolean alive() {
    return process.isAlive();
  }

  /**
   * Returns a stage that completes with the exit status when the child has ended, on one of the
   * JVM's threads.
   */
  public CompletionStage<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Sends an order; a child that has ended, or is about to end, does not receive it. */
  public void order(Order order) {
    try {
      OutputStream input = process.getOutputStream();
      input.write((order.line() + "\n").getBytes(StandardCharsets.UTF_8));
      input.flush();
    } catch (IOException e) {
      log.debug("cannot send an order to {}", name, e);
    }
  }

  /** Sends SIGKILL. */
  public void kill() {
    process.toHandle().destroyForcibly();
  }

  /**
   * Waits until the child has ended; returns false if the deadline passed or was cut short first.
   */
  public boolean await(Deadline deadline) throws InterruptedException {
    return deadline.await(process.onExit());
  }

  /** The exit status of a child that has ended, in a shell's form: 128 + n for signal n. */
  public int status() {
    return process.exitValue();
  }

  /** Waits until every line that the child wrote was passed on. */
  public void awaitLines(Deadline deadline) throws InterruptedException {
    errorReader.join(deadline.left());
  }

  /** Kills the child if it is still running, and closes the pipes. Takes at most a few seconds. */
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
      log.error("{} (pid {}) could not be killed", name, pid(), e);
    }
  }
}
