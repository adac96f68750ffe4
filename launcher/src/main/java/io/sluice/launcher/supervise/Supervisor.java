package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownAudit;
import io.sluice.core.lifecycle.ShutdownReport;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.Ledger;
import io.sluice.launcher.logging.Logging;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.Order;
import io.sluice.launcher.process.ParserProcess;
import io.sluice.launcher.process.StopRequest;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Progress;
import io.sluice.launcher.progress.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a crawl on one machine: Redis, parsers and fetcher as children, watches them until the
 * fetcher has finished, the user requests a stop or a part is lost for good; then stops them in the
 * order fetcher, parsers, Redis. Confined to the main thread: other threads send it an {@link
 * Event}.
 */
final class Supervisor {

  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  static final String NAME = "supervisor";
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration STARTING_TICK = Duration.ofMillis(100);

  /** How long the audit waits for resources that are still closing. */
  private static final Duration AUDIT_BOUND = Duration.ofSeconds(1);

  private final SluiceConfig config;
  private final CrawlFiles files;
  private final boolean alone;
  private final Screen screen;
  private final StopRequest stop;
  private final Ledger ledger;
  private final ResourceScope scope;
  private final Progress progress;
  private final StartLines lines;
  private final CrawlAdmin admin;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

  /**
   * Parsers that received a signal, for as long as it is unknown whether the signal was sent to the
   * whole crawl.
   */
  private final Restarts signalled = new Restarts();

  private final List<Child> parsers = new ArrayList<>();
  private final Restarts restarts = new Restarts();
  private final Child fetcher;
  private final CrawlRedis redis;
  private final ExportPart export;
  private boolean sealFailed;
  private boolean parsersStarted;

  /** An occurrence that the supervisor waits for. */
  private sealed interface Event {
    record StopAsked(String reason) implements Event {}

    record ChildSignalled(Child child, String signal) implements Event {}

    record ChildEnded(Child child) implements Event {}

    record ExportFailed(IOException failure) implements Event {}
  }

  /** Time within which all processes of the crawl receive a signal that was sent to all of them. */
  private static final Duration ONE_SIGNAL = Duration.ofSeconds(1);

  /** How a run ended. */
  private record End(String reason, boolean failed) {}

  /**
   * The result of a run whose start failed; the initial value until the run ends in another way.
   */
  private static final End NO_END = new End("start-failed", true);

  /**
   * Starts Redis and prepares the children.
   *
   * @param scope the run's scope, which closes everything opened here
   * @throws CannotStart if the user must fix something first
   */
  Supervisor(
      Crawl crawl,
      CrawlFiles files,
      StopRequest stop,
      Ledger ledger,
      ResourceScope scope,
      CrawlAdmin admin,
      StartLines lines)
      throws CannotStart {
    this.config = crawl.config();
    this.files = files;
    this.alone = crawl.alone();
    this.screen = crawl.screen();
    this.stop = stop;
    this.ledger = ledger;
    this.scope = scope;
    this.admin = admin;
    this.lines = lines;
    this.progress = new Progress(screen, System::nanoTime);
    this.export = ExportPart.open(crawl, ledger, scope);
    RestartBudget ofRedis = RestartBudget.ofRedis(System::nanoTime);
    this.redis = scope.own(CrawlRedis.start(config.redis(), files, ofRedis, ledger));
    lines.redisRuns();
    ChildCommands commands = new ChildCommands(crawl, files, redis.settings().uri());
    for (int number = 1; number <= config.parser().processes(); number++) {
      parsers.add(child(commands.parser(number), RestartBudget.ofParser(System::nanoTime)));
    }
    this.fetcher = child(commands.fetcher(), RestartBudget.ofFetcher(System::nanoTime));
  }

  private Child child(ChildCommand command, RestartBudget budget) {
    return scope.own(new Child(command, budget, files, admin.statuses(), screen, ledger));
  }

  /** Runs the children until the crawl ends, stops them in order, and writes the reports. */
  RunResult run(ShutdownAudit audit, Logging logging)
      throws CannotStart, IOException, InterruptedException {
    Files.deleteIfExists(files.lastStatus());
    Files.deleteIfExists(files.report(NAME));
    for (Child child : children()) {
      Files.deleteIfExists(files.report(child.name())); // a child never started writes no report
    }
    var _ = stop.asked().thenAccept(reason -> events.add(new Event.StopAsked(reason)));
    KillPoint.REDIS_STARTED.reached();
    start(fetcher);
    KillPoint.CHILDREN_STARTED.reached();
    End end = NO_END;
    StopOrder order;
    Instant stopBegan;
    try {
      end = watch();
    } finally {
      stopBegan = Instant.now();
      admin.stopping();
      progress.observe(descriptors());
      log.info("stopping: {}", end.reason());
      screen.clear();
      StopLines told = new StopLines(screen, stop.isAsked());
      told.begins(progress.last().orElse(CrawlStatus.NONE), config.shutdown().deadline());
      order = new StopOrder(redis, restarts, config.shutdown(), stop, told, end.reason());
      boolean failed = end.failed(); // after a failure, the steps between phases would fail, too
      order.run(
          fetcher,
          parsers,
          deadline -> {
            if (!failed) {
              awaitAParser(deadline);
            }
          },
          deadline -> {
            sealAbandoned(deadline);
            export.finish(deadline, screen);
          });
    }
    return report(end, stopBegan, order, audit, logging);
  }

  private void start(Child child) throws IOException {
    child.start(
        (told, signal) -> events.add(new Event.ChildSignalled(told, signal)),
        ended -> events.add(new Event.ChildEnded(ended)));
  }

  /**
   * Returns the end of a crawl whose export failed: if the reader of the pipe has closed it, a
   * normal stop; otherwise a failure.
   */
  private End exportFailed(IOException failure) {
    log.warn("the output cannot be written: {}", CrawlFiles.reason(failure));
    return export.toStandardOutput()
        ? new End("output-closed", false)
        : new End("output-failed", true);
  }

  /**
   * Starts the parsers. Called once the fetcher owns the partition: until then, the pages in it may
   * belong to another crawl.
   */
  private Optional<End> startParsers() {
    parsersStarted = true;
    export.start(redis, stop, failure -> events.add(new Event.ExportFailed(failure)));
    lines.parsersStart();
    return parsers.stream().map(this::startAgain).flatMap(Optional::stream).findFirst();
  }

  /**
   * If the fetcher left pages, makes sure that a parser is up before the parsers are ordered to
   * stop. The pages are then parsed in this run even if the stop began before the first parser was
   * up, or while the only parser was waiting for its restart.
   */
  private void awaitAParser(Deadline deadline) throws InterruptedException {
    long entries =
        new FinalReports(files, children(), screen)
            .lastStatus()
            .map(status -> status.outstanding() + status.outstandingRecords())
            .orElse(0L);
    if (entries == 0 || deadline.passed()) {
      return;
    }
    if (parsers.stream().noneMatch(Child::alive)) {
      log.info("{} entries are left, and no parser is running: starting one", entries);
      startAgain(parsers.getFirst());
    }
    boolean left = true;
    while (left
        && parsers.stream().anyMatch(Child::alive)
        && parsers.stream().noneMatch(parser -> parser.look().isPresent())) {
      left = deadline.pause(STARTING_TICK);
    }
  }

  /** Watches the crawl until it ends, for whatever reason. */
  private End watch() throws CannotStart, IOException, InterruptedException {
    while (true) {
      Duration wait = fetcher.everUp() ? TICK : STARTING_TICK;
      Event event = events.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
      Optional<End> end =
          switch (event) {
            case null -> tick();
            case Event.StopAsked(String reason) -> Optional.of(new End(reason, false));
            case Event.ExportFailed(IOException failure) -> Optional.of(exportFailed(failure));
            case Event.ChildSignalled(Child child, String signal) -> signalled(child, signal);
            case Event.ChildEnded(Child child) when child == fetcher -> fetcherEnded();
            case Event.ChildEnded(Child child) -> crashed(child);
          };
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  /**
   * Handles a signal that a child received. If the child is the fetcher, the crawl stops. A parser
   * is replaced, unless the signal turns out to have been sent to all processes of the crawl.
   */
  private Optional<End> signalled(Child child, String signal) {
    log.info("{} was sent {}", child.name(), signal);
    if (child == fetcher) {
      return Optional.of(new End(signal, false));
    }
    signalled.plan(child, ONE_SIGNAL);
    return Optional.empty();
  }

  /**
   * Stops parsers that were the only ones to receive a signal, so that they are replaced: they
   * finish the pages they have and leave the rest to others.
   */
  private void replaceSignalled() {
    for (Restartable parser : signalled.takeDue()) {
      if (parser instanceof Child child) {
        child.order(new Order.Stop("signalled", config.shutdown().deadline(), false));
      }
    }
  }

  private Optional<End> tick() throws IOException {
    if (!parsersStarted && fetcher.look().isPresent()) {
      lines.fetcherRuns();
      Optional<End> end = startParsers();
      if (end.isPresent()) {
        return end;
      }
    }
    long parsersUp = parsers.stream().map(Child::look).filter(Optional::isPresent).count();
    long open = descriptors();
    progress.observe(open);
    Optional<Status> said = fetcher.said();
    admin.observe(said, parsersUp, open, progress.peakDescriptors());
    said.map(CrawlStatus::of).ifPresent(status -> progress.show(status, open));
    replaceSignalled();
    if (redis.ended() && !restarts.planned(redis)) {
      return planRestart(redis, "ended");
    }
    for (Restartable due : restarts.takeDue()) {
      switch (due) {
        case Child child -> {
          Optional<End> end = startAgain(child);
          if (end.isPresent()) {
            return end;
          }
        }
        case CrawlRedis ignored -> restartRedis();
      }
    }
    return Optional.empty();
  }

  /** Restarts a child. A failed start, perhaps because the disk is full, counts as a crash. */
  private Optional<End> startAgain(Child child) {
    try {
      start(child);
      return Optional.empty();
    } catch (IOException e) {
      return planRestart(child, "could not be started (%s)".formatted(CrawlFiles.reason(e)));
    }
  }

  /** Restarts Redis. If it does not start, the next tick detects that. */
  private void restartRedis() {
    if (redis.restart()) {
      screen.error("sluice: redis-server is running again; the crawl goes on");
    }
  }

  private long descriptors() {
    long sum = Descriptors.of(ProcessHandle.current().pid()) + Descriptors.of(fetcher.pid());
    for (Child parser : parsers) {
      sum += Descriptors.of(parser.pid());
    }
    return sum + Descriptors.of(redis.pid());
  }

  private Optional<End> fetcherEnded() throws CannotStart, IOException, InterruptedException {
    if (fetcher.signalledTooSoon()) {
      return Optional.of(new End("sigterm", false));
    }
    int status = fetcher.status().orElse(0);
    if (status == ExitCode.CLEAN.status() || status == ExitCode.NO_PAGE.status()) {
      return Optional.of(new End(fetcher.stopReason(), false));
    }
    return status == ExitCode.FORCED.status() || status == ExitCode.LEAK.status()
        ? Optional.of(new End(fetcher.stopReason(), true))
        : crashed(fetcher);
  }

  /** Schedules the restart of a child that ended, if a restart can help. */
  private Optional<End> crashed(Child child) throws CannotStart, IOException, InterruptedException {
    int status = child.status().orElse(0);
    if (!child.everUp() && status == ExitCode.NO_START.status()) {
      throw new CannotStart(whyNot(child));
    }
    if (child.stopReason().equals(ParserProcess.STORAGE_FAILED)) {
      return Optional.of(new End(ParserProcess.STORAGE_FAILED, true));
    }
    return planRestart(child, "ended with status " + status);
  }

  /** Schedules a restart after a pause; returns the crawl's end if there were too many crashes. */
  private Optional<End> planRestart(Restartable who, String how) {
    Optional<Duration> pause = who.crashed();
    if (pause.isEmpty()) {
      screen.error(
          "sluice: %s keeps crashing; the last time, it %s. See %s, and run again to continue."
              .formatted(who.name(), how, who.log()));
      return Optional.of(new End(who.name() + "-crashed", true));
    }
    String line =
        "%s %s: starting it again in %d s".formatted(who.name(), how, pause.get().toSeconds());
    log.warn("{}", line);
    screen.error("sluice: " + line);
    restarts.plan(who, pause.get());
    return Optional.empty();
  }

  private List<String> whyNot(Child child) throws InterruptedException {
    List<String> said =
        child.heldLines().stream()
            .filter(line -> line.startsWith("sluice: "))
            .map(line -> line.substring("sluice: ".length()))
            .toList();
    return said.isEmpty()
        ? List.of("%s could not start; see %s".formatted(child.name(), files.log(child.name())))
        : said;
  }

  /** Seals the output of killed parsers; other parsers seal theirs themselves. */
  private void sealAbandoned(Deadline deadline) {
    if (children().stream().noneMatch(child -> child.restarts() > 0 || child.killed())) {
      return;
    }
    Optional<String> failure =
        new AbandonedOutput(config, files, redis, stop, ledger).seal(deadline);
    failure.ifPresent(line -> screen.error("sluice: " + line));
    sealFailed = failure.isPresent();
  }

  private RunResult report(
      End end, Instant stopBegan, StopOrder order, ShutdownAudit audit, Logging logging) {
    Map<String, Duration> phases = new LinkedHashMap<>(order.phases());
    long began = System.nanoTime();
    scope.close();
    long closed = System.nanoTime();
    phases.put("close", Duration.ofNanos(closed - began));
    ShutdownReport.Leftovers left = audit.look(Deadline.in(AUDIT_BOUND));
    phases.put("audit", Duration.ofNanos(System.nanoTime() - closed));
    FinalReports reports = new FinalReports(files, children(), screen);
    OptionalLong resting = reports.resting(order.ends());
    SupervisorReport report =
        new SupervisorReport(
            end.reason(),
            end.failed() || sealFailed || export.incomplete(),
            stopBegan,
            stop.forced().toCompletableFuture().isDone(),
            phases,
            order.ends(),
            resting,
            alone,
            left,
            logging.counts());
    ExitCode exit = reports.write(report);
    CrawlStatus last =
        reports.lastStatus().map(progress::ofRun).or(progress::last).orElse(CrawlStatus.NONE);
    return new RunResult(
        exit,
        end.reason(),
        last,
        resting,
        progress.elapsed(),
        progress.peakDescriptors(),
        files.output());
  }

  private List<Child> children() {
    List<Child> all = new ArrayList<>(List.of(fetcher));
    all.addAll(parsers);
    return all;
  }
}
