package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.DirectoryNote;
import io.sluice.core.resource.Ledger;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.CrawlReport;
import io.sluice.launcher.process.Notice;
import io.sluice.launcher.process.Order;
import io.sluice.launcher.process.ProcessFile;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.progress.StatusClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of the crawl and its restarts: its command, the JVM that runs it now, and how often
 * it may still be restarted. A <em>life</em> is the time from one start of the JVM to its end. The
 * JVM's standard error is held back until the process is up, because the supervisor reports a
 * failed start itself. Confined to the supervisor's thread, except for {@link Errors}.
 */
final class Child implements Restartable, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Child.class);

  private static final Duration LAST_LINES = Duration.ofSeconds(1);

  /** The exit status of a JVM that does not handle SIGTERM. */
  private static final int SIGTERM_STATUS = 128 + 15;

  /** Exit statuses that mean an orderly end. */
  private static final Set<Integer> IN_ORDER =
      Set.of(ExitCode.CLEAN.status(), ExitCode.NO_START.status(), ExitCode.NO_PAGE.status());

  /** Maximum time for the kernel to end a killed process. */
  private static final Duration KILL_WAIT = Duration.ofSeconds(3);

  private final ChildCommand command;
  private final CrawlFiles files;
  private final StatusClient statuses;
  private final Screen screen;
  private final Ledger ledger;
  private final RestartBudget budget;

  private @Nullable ChildProcess process;
  private Errors errors;

  /**
   * The last reason that the process gave for stopping; written by the thread that reads its
   * standard error.
   */
  private volatile @Nullable String stopReason;

  private volatile Path report;
  private boolean up;
  private boolean everUp;
  private int restarts;

  Child(
      ChildCommand command,
      RestartBudget budget,
      CrawlFiles files,
      StatusClient statuses,
      Screen screen,
      Ledger ledger) {
    this.command = command;
    this.budget = budget;
    this.files = files;
    this.statuses = statuses;
    this.screen = screen;
    this.ledger = ledger;
    this.errors = new Errors(screen::error);
    this.report = files.report(command.name());
  }

  @Override
  public String name() {
    return command.name();
  }

  @Override
  public Path log() {
    return files.log(name());
  }

  /**
   * Starts a life.
   *
   * @param onSignal receives, on a thread of this child, the name of a signal that was sent to the
   *     process from outside
   * @param onEnd called on one of the supervisor JVM's threads when the life is over
   */
  void start(BiConsumer<Child, String> onSignal, Consumer<Child> onEnd) throws IOException {
    close();
    up = false;
    stopReason = null;
    report = files.report(name());
    Files.deleteIfExists(report);
    Files.deleteIfExists(files.runFile(name()));
    errors = new Errors(screen::error);
    ChildProcess started =
        ChildProcess.start(
            name(),
            command.words(),
            command.environment(),
            errors,
            notice -> heard(notice, onSignal),
            ledger);
    process = started;
    String mark = DirectoryNote.of(files.dir(), started.mark().toString());
    CrawlReport.replace(files, files.childMark(name()), mark);
    var _ = started.ended().thenRun(() -> onEnd.accept(this));
    log.info("{} started, pid {}", name(), started.pid());
  }

  private void heard(Notice notice, BiConsumer<Child, String> onSignal) {
    switch (notice) {
      case Notice.Signalled(String signal) -> onSignal.accept(this, signal);
      case Notice.Stopping(String reason) -> stopReason = reason;
      case Notice.Reported(Path file) -> report = file;
    }
  }

  /** Why the last life ended: the reason that the process gave, or else its exit status. */
  String stopReason() throws InterruptedException {
    awaitLines();
    errors.release(); // the process may have been up and ended between two checks
    String told = stopReason;
    return told != null ? told : "%s-ended-with-%d".formatted(name(), status().orElse(0));
  }

  /** The file of the last life's shutdown report, which may be missing. */
  Path report() {
    return report;
  }

  /** Whether the child is running. */
  boolean alive() {
    return process != null && process.alive();
  }

  /**
   * Whether the process was fully up in any life. For a life that ended before the supervisor
   * checked, the process file shows this.
   */
  boolean everUp() {
    if (!everUp && process != null) {
      everUp = runFile(process.pid()).isPresent();
    }
    return everUp;
  }

  private Optional<ProcessFile> runFile(long pid) {
    return ProcessFile.read(files, files.runFile(name())).filter(file -> file.pid() == pid);
  }

  @Override
  public int restarts() {
    return restarts;
  }

  /**
   * The exit status of the last life; empty before the first one and while the child is running.
   */
  OptionalInt status() {
    return process == null || process.alive()
        ? OptionalInt.empty()
        : OptionalInt.of(process.status());
  }

  /** Whether the life was ended by a signal or by its watchdog. */
  boolean killed() {
    return process != null && !process.alive() && !IN_ORDER.contains(process.status());
  }

  /**
   * Whether a signal from outside ended the life before its JVM handled signals, and so before any
   * work had begun.
   */
  boolean signalledTooSoon() {
    return process != null && !process.alive() && process.status() == SIGTERM_STATUS;
  }

  /** The process id; 0 if the child is not running. */
  long pid() {
    return process != null && process.alive() ? process.pid() : 0;
  }

  /** Checks whether the process is up. Once it is, its standard error is passed on. */
  Optional<ProcessFile> look() {
    if (process == null || !process.alive()) {
      return Optional.empty();
    }
    Optional<ProcessFile> running = runFile(process.pid());
    if (running.isPresent() && !up) {
      up = true;
      everUp = true;
      errors.release();
      log.info("{} is up", name());
    }
    return running;
  }

  /**
   * Requests the process's {@code /status}; empty while the process is not up or does not answer.
   */
  Optional<Status> said() {
    return look().flatMap(up -> Optional.ofNullable(statuses.status(up.adminPort())));
  }

  @Override
  public Optional<Duration> crashed() {
    Optional<Duration> pause = budget.crashed();
    if (pause.isPresent()) {
      restarts++;
    }
    return pause;
  }

  /** The standard error of a life in which the process was never up. */
  List<String> heldLines() throws InterruptedException {
    awaitLines();
    return errors.held();
  }

  private void awaitLines() throws InterruptedException {
    if (process != null) {
      process.awaitLines(Deadline.in(LAST_LINES));
    }
  }

  /** Sends an order, if the child is running. */
  void order(Order order) {
    errors.release(); // during a stop, {@code look} is not called again
    if (alive() && process != null) {
      process.order(order);
    }
  }

  /**
   * Waits for the end of the life.
   *
   * @return whether the life ended, before the deadline passed or was cut short
   */
  boolean await(Deadline deadline) throws InterruptedException {
    return process == null || process.await(deadline);
  }

  /** Sends SIGKILL, and waits for the end. */
  void kill() throws InterruptedException {
    if (process != null) {
      log.error("{} (pid {}) did not stop and is killed", name(), process.pid());
      process.kill();
      process.await(Deadline.in(KILL_WAIT));
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
      forgetMark();
    }
  }

  private void forgetMark() {
    try {
      Files.deleteIfExists(files.childMark(name()));
    } catch (IOException e) {
      log.warn("{} cannot be removed", files.childMark(name()), e);
    }
  }

  /**
   * The standard error of one life, line by line. It is held back until the process is up, has
   * ended or has been ordered to stop, because the supervisor itself reports a failed start.
   * Thread-safe: guarded by this object's lock.
   */
  private static final class Errors implements Consumer<String> {
    private static final int HELD_AT_MOST = 1000;

    private final Consumer<String> to;
    private final List<String> held = new ArrayList<>();
    private boolean released;

    Errors(Consumer<String> to) {
      this.to = to;
    }

    @Override
    public synchronized void accept(String line) {
      if (released) {
        to.accept(line);
      } else if (held.size() < HELD_AT_MOST) {
        held.add(line);
      }
    }

    synchronized void release() {
      released = true;
      held.forEach(to);
      held.clear();
    }

    synchronized List<String> held() {
      return List.copyOf(held);
    }
  }
}
