package io.sluice.launcher.supervise;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownAudit;
import io.sluice.core.lifecycle.ShutdownReport;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.logging.Logging;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.CrawlReport;
import io.sluice.launcher.process.DescriptorLimit;
import io.sluice.launcher.process.FetcherProcess;
import io.sluice.launcher.process.ParserProcess;
import io.sluice.launcher.process.Signals;
import io.sluice.launcher.process.StopRequest;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Progress;
import io.sluice.launcher.progress.Screen;
import io.sluice.parser.worker.ParserWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a crawl on one machine: Redis, parsers and fetcher as children, watched until the fetcher
 * has finished, the user wants to stop or something is lost; then stopped in the order fetcher,
 * parsers, Redis. Confined to the main thread: what happens elsewhere comes to it as an {@link
 * Event}.
 */
public final class Supervisor {

  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private static final String NAME = "supervisor";
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration STARTING_TICK = Duration.ofMillis(100);

  /** How long the audit waits for ends that are under way. */
  private static final Duration AUDIT_BOUND = Duration.ofSeconds(1);

  private final SluiceConfig config;
  private final CrawlFiles files;
  private final boolean alone;
  private final Screen screen;
  private final StopRequest stop;
  private final Ledger ledger;
  private final ResourceScope scope;
  private final Progress progress;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final List<Child> parsers = new ArrayList<>();
  private final Restarts restarts = new Restarts();
  private final Child fetcher;
  private final CrawlRedis redis;

  /** What the supervisor waits for. */
  private sealed interface Event {
    record StopAsked(String reason) implements Event {}

    record ChildEnded(Child child) implements Event {}
  }

  /** How a run ended. */
  private record End(String reason, boolean failed) {}

  /** What stands until a run has ended in order: its start failed. */
  private static final End NO_END = new End("start-failed", true);

  private Supervisor(
      Crawl crawl, CrawlFiles files, StopRequest stop, Ledger ledger, ResourceScope scope)
      throws CannotStart {
    this.config = crawl.config();
    this.files = files.enteredIn(ledger);
    this.alone = crawl.alone();
    this.screen = crawl.screen();
    this.stop = stop;
    this.ledger = ledger;
    this.scope = scope;
    this.progress = new Progress(screen, System::nanoTime);
    RestartBudget ofRedis = RestartBudget.ofRedis(System::nanoTime);
    this.redis = scope.own(CrawlRedis.start(config.redis(), files, ofRedis, ledger));
    ChildCommands commands = new ChildCommands(crawl, files, redis.settings().uri());
    for (int number = 1; number <= config.parser().processes(); number++) {
      parsers.add(child(commands.parser(number), RestartBudget.ofParser(System::nanoTime)));
    }
    this.fetcher = child(commands.fetcher(), RestartBudget.ofFetcher(System::nanoTime));
  }

  /**
   * Runs the crawl to its end.
   *
   * @return how it ended, with the last numbers
   * @throws CannotStart when the user must mend something first; nothing runs then
   * @throws InterruptedException when the main thread is interrupted, which nothing here does
   */
  public static CrawlEnd run(Crawl crawl) throws CannotStart, InterruptedException {
    StopRequest stop = new StopRequest();
    Signals.stopOn(stop);
    DescriptorLimit.checkSupervisor(crawl.config());
    CrawlFiles files = new CrawlFiles(crawl.config().crawl().dir());
    files.prepare();
    Ledger ledger = new ResourceLedger();
    try (ResourceScope held = new ResourceScope()) {
      held.own(CrawlLock.take(files, ledger));
      Logging logging = held.own(Logging.open(files.log(NAME), Logging.Console.NONE, ledger));
      Leftovers.clean(files, ChildCommands.names(crawl.config()));
      ShutdownAudit audit = audit(files, ledger);
      try (ResourceScope parts = new ResourceScope()) {
        return new Supervisor(crawl, files, stop, ledger, parts).run(audit, logging);
      }
    } catch (IOException e) {
      throw new CannotStart("crawl.dir=%s: %s".formatted(files.dir(), e.getMessage()));
    }
  }

  /** Lock and log are open by now and stay so until the report is written. */
  private static ShutdownAudit audit(CrawlFiles files, Ledger ledger) {
    DescriptorRules rules =
        new DescriptorRules()
            .files(ResourceKind.LOG, files.logs())
            .files(ResourceKind.OTHER, files.run());
    return new ShutdownAudit(new DescriptorCensus(ledger, rules, TICK), ledger);
  }

  private Child child(ChildCommand command, RestartBudget budget) {
    return scope.own(new Child(command, budget, files, config.admin().bind(), screen, ledger));
  }

  private CrawlEnd run(ShutdownAudit audit, Logging logging)
      throws CannotStart, IOException, InterruptedException {
    Files.deleteIfExists(files.lastStatus());
    Files.deleteIfExists(files.report(NAME));
    var _ = stop.asked().thenAccept(reason -> events.add(new Event.StopAsked(reason)));
    KillPoint.REDIS_STARTED.reached();
    for (Child parser : parsers) {
      start(parser);
    }
    start(fetcher);
    KillPoint.CHILDREN_STARTED.reached();
    StopOrder order = new StopOrder(redis, restarts, config.shutdown(), stop);
    End end = NO_END;
    Instant stopBegan;
    try {
      end = watch();
    } finally {
      stopBegan = Instant.now();
      log.info("stopping: {}", end.reason());
      screen.clear();
      order.run(fetcher, parsers, this::sealAbandoned);
    }
    return report(end, stopBegan, order, audit, logging);
  }

  private void start(Child child) throws IOException {
    Files.deleteIfExists(files.report(child.name()));
    Files.deleteIfExists(files.runFile(child.name()));
    child.start(ended -> events.add(new Event.ChildEnded(ended)));
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
            case Event.ChildEnded(Child child) when child == fetcher -> fetcherEnded();
            case Event.ChildEnded(Child child) -> crashed(child);
          };
      if (end.isPresent()) {
        return end.get();
      }
    }
  }

  private Optional<End> tick() throws IOException {
    parsers.forEach(Child::look);
    fetcher.crawlStatus().ifPresent(status -> progress.show(status, descriptors()));
    if (redis.ended() && !restarts.planned(redis)) {
      return again(redis, "ended, the crawl waits");
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

  /** A start that fails, for want of room on the disk perhaps, is a crash like any other. */
  private Optional<End> startAgain(Child child) {
    try {
      start(child);
      return Optional.empty();
    } catch (IOException e) {
      return again(child, "could not be started (%s)".formatted(e.getMessage()));
    }
  }

  /** A server that does not start is found dead by the next tick. */
  private void restartRedis() {
    if (redis.restart()) {
      screen.error("sluice: redis-server runs again, the crawl goes on");
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
    int status = fetcher.status().orElse(0);
    if (status == ExitCode.CLEAN.status()) {
      return Optional.of(new End(CrawlReport.reason(files, FetcherProcess.NAME), false));
    }
    return status == ExitCode.FORCED.status() || status == ExitCode.LEAK.status()
        ? Optional.of(new End(CrawlReport.reason(files, FetcherProcess.NAME), true))
        : crashed(fetcher);
  }

  /** Starts a crashed child again after a pause, as long as that makes sense. */
  private Optional<End> crashed(Child child) throws CannotStart, IOException, InterruptedException {
    int status = child.status().orElse(0);
    if (!child.everUp() && status == ExitCode.NO_START.status()) {
      throw new CannotStart(whyNot(child));
    }
    if (CrawlReport.reason(files, child.name()).equals(ParserProcess.STORAGE_FAILED)) {
      return Optional.of(new End(ParserProcess.STORAGE_FAILED, true));
    }
    return again(child, "ended with status " + status);
  }

  /** Plans another life after a pause; the end of the crawl where there were too many. */
  private Optional<End> again(Restartable who, String how) {
    Optional<Duration> pause = who.crashed();
    if (pause.isEmpty()) {
      screen.error(
          "sluice: %s died again and again, the last time it %s; see %s. Run again to go on."
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

  /** Output that a killed parser left half done is cut to what was committed. */
  private void sealAbandoned(Deadline deadline) {
    if (children().stream().noneMatch(child -> child.restarts() > 0 || child.killed())) {
      return;
    }
    MeterRegistry meters = new SimpleMeterRegistry();
    CompletableFuture<?> late =
        new CompletableFuture<>()
            .completeOnTimeout(null, deadline.left().toMillis(), TimeUnit.MILLISECONDS)
            .acceptEither(stop.forced().toCompletableFuture(), _ -> {});
    try (RedisPool pool =
        RedisPool.open(redis.settings(), "sluice-" + NAME, ledger, meters, late)) {
      int slots = ParserWorkers.sealAbandoned(files.dir(), pool, ledger, meters);
      log.info("{} abandoned output slots were sealed", slots);
    } catch (RedisUnavailableException | RedisLostException | IOException e) {
      log.warn("abandoned output is left for the next run: {}", e.toString());
    } finally {
      meters.close();
    }
  }

  private CrawlEnd report(
      End end, Instant stopBegan, StopOrder order, ShutdownAudit audit, Logging logging)
      throws IOException {
    Map<String, Duration> phases = new LinkedHashMap<>(order.phases());
    long began = System.nanoTime();
    scope.close();
    long closed = System.nanoTime();
    phases.put("close", Duration.ofNanos(closed - began));
    ShutdownReport.Leftovers left = audit.look(Deadline.in(AUDIT_BOUND));
    phases.put("audit", Duration.ofNanos(System.nanoTime() - closed));
    SupervisorReport report =
        new SupervisorReport(
            end.reason(),
            end.failed(),
            stopBegan,
            stop.forced().toCompletableFuture().isDone(),
            phases,
            order.ends(),
            alone,
            left,
            logging.counts());
    SupervisorReportText.table(NAME, report).forEach(line -> log.info("{}", line));
    ExitCode exit = write(report);
    CrawlStatus last = CrawlReport.lastStatus(files).or(progress::last).orElse(CrawlStatus.NONE);
    return new CrawlEnd(
        exit, end.reason(), last, progress.elapsed(), progress.peakDescriptors(), files.output());
  }

  /** Writes the reports; a disk that has no room for them does not undo the crawl. */
  private ExitCode write(SupervisorReport report) {
    List<String> names = new ArrayList<>(List.of(NAME));
    children().forEach(child -> names.add(child.name()));
    try {
      CrawlReport.replace(files, files.report(NAME), SupervisorReportText.json(NAME, report));
      CrawlReport.write(files, report.exit(), report.reason(), names);
      return report.exit();
    } catch (IOException e) {
      String line = "the shutdown report cannot be written: " + e.getMessage();
      log.error("{}", line);
      screen.error("sluice: " + line);
      return report.exit() == ExitCode.CLEAN ? ExitCode.FORCED : report.exit();
    }
  }

  private List<Child> children() {
    List<Child> all = new ArrayList<>(List.of(fetcher));
    all.addAll(parsers);
    return all;
  }
}
