package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.resource.Ledger;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.CrawlReport;
import io.sluice.launcher.process.RunFile;
import io.sluice.launcher.progress.CrawlStatus;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of the crawl, in however many lives: its command, the JVM that runs it now, how often
 * it may still be restarted. What a life writes to standard error is held back until it is up: a
 * failed start is told once, by the supervisor. Confined to the supervisor's thread, but for {@link
 * Errors}.
 */
final class Child implements Restartable, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Child.class);

  private static final Duration LAST_LINES = Duration.ofSeconds(1);

  /** How long the kernel may take over a kill. */
  private static final Duration KILL_WAIT = Duration.ofSeconds(3);

  private final ChildCommand command;
  private final CrawlFiles files;
  private final String bind;
  private final Screen screen;
  private final Ledger ledger;
  private final RestartBudget budget;

  private @Nullable ChildProcess process;
  private Errors errors;
  private boolean up;
  private boolean everUp;
  private int restarts;

  Child(
      ChildCommand command,
      RestartBudget budget,
      CrawlFiles files,
      String bind,
      Screen screen,
      Ledger ledger) {
    this.command = command;
    this.budget = budget;
    this.files = files;
    this.bind = bind;
    this.screen = screen;
    this.ledger = ledger;
    this.errors = new Errors(screen::error);
  }

  @Override
  public String name() {
    return command.name();
  }

  @Override
  public Path log() {
    return files.log(name());
  }

  /** Starts a life; {@code onEnd} is called on a thread of the JVM's when it is over. */
  void start(Consumer<Child> onEnd) throws IOException {
    close();
    up = false;
    errors = new Errors(screen::error);
    ChildProcess started =
        ChildProcess.start(name(), command.words(), command.environment(), errors, ledger);
    process = started;
    CrawlReport.replace(files, files.childMark(name()), started.mark() + "\n");
    var _ = started.ended().thenRun(() -> onEnd.accept(this));
    log.info("{} started, pid {}", name(), started.pid());
  }

  /** Whether a life goes on. */
  boolean alive() {
    return process != null && process.alive();
  }

  /** Whether any life was ever fully up. */
  boolean everUp() {
    return everUp;
  }

  @Override
  public int restarts() {
    return restarts;
  }

  /** The exit status of the life that is over; nothing where none began, or one goes on. */
  OptionalInt status() {
    return process == null || process.alive()
        ? OptionalInt.empty()
        : OptionalInt.of(process.status());
  }

  /** Whether the life ended by a signal, or its watchdog ended it. */
  boolean killed() {
    return process != null && !process.alive() && process.status() > ExitCode.NO_START.status();
  }

  /** The life's process id; 0 where none goes on. */
  long pid() {
    return process != null && process.alive() ? process.pid() : 0;
  }

  /** Sees whether the life is up; from then on its standard error is passed on. */
  Optional<RunFile> look() {
    if (process == null || !process.alive()) {
      return Optional.empty();
    }
    long pid = process.pid();
    Optional<RunFile> running =
        RunFile.read(files, files.runFile(name())).filter(file -> file.pid() == pid);
    if (running.isPresent() && !up) {
      up = true;
      everUp = true;
      errors.release();
      log.info("{} is up", name());
    }
    return running;
  }

  /** What the process says of itself; nothing while it is not up. */
  Optional<CrawlStatus> crawlStatus() {
    return look()
        .flatMap(file -> Optional.ofNullable(StatusClient.read(bind, file.adminPort())))
        .flatMap(Child::parse);
  }

  private static Optional<CrawlStatus> parse(String json) {
    try {
      return Optional.of(CrawlStatus.parse(json));
    } catch (IOException e) {
      log.warn("a status cannot be read", e);
      return Optional.empty();
    }
  }

  @Override
  public Optional<Duration> crashed() {
    Optional<Duration> pause = budget.crashed();
    if (pause.isPresent()) {
      restarts++;
    }
    return pause;
  }

  /** What a life that never was up said on standard error. */
  List<String> heldLines() throws InterruptedException {
    if (process != null) {
      process.awaitLines(Deadline.in(LAST_LINES));
    }
    return errors.held();
  }

  /** Sends SIGTERM, if a life goes on. */
  void askToStop() {
    if (alive() && process != null) {
      process.terminate();
    }
  }

  /** Waits for the end of the life; whether it came before the deadline passed, or was cut. */
  boolean await(Deadline deadline) throws InterruptedException {
    return process == null || process.await(deadline);
  }

  /** Sends SIGKILL, and waits for the end. */
  void kill() throws InterruptedException {
    if (process != null) {
      log.error("{} (pid {}) did not stop: killed", name(), process.pid());
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

  /** The lines of one life: held until released. Thread-safe: guarded by this object's lock. */
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
