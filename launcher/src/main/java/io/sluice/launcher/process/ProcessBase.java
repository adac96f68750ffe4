package io.sluice.launcher.process;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.LogCounts;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.RunningTime;
import io.sluice.core.lifecycle.ShutdownAudit;
import io.sluice.core.lifecycle.ShutdownReport;
import io.sluice.core.lifecycle.ShutdownReportFile;
import io.sluice.core.lifecycle.ShutdownReportTable;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.metrics.AdminPages;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.CensusStatus;
import io.sluice.core.metrics.Health;
import io.sluice.core.metrics.ProcessMetrics;
import io.sluice.core.metrics.Status;
import io.sluice.core.metrics.StatusSource;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.sentinel.SentinelThread;
import io.sluice.core.stream.PartitionKeys;
import io.sluice.launcher.logging.Logging;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The common base of both processes of a crawl: the stop request, the log, the ledger, the census,
 * metrics and the admin port. Opened first and closed last. Confined to the process's main thread,
 * except for parts that are thread-safe themselves.
 */
final class ProcessBase {

  private static final Logger log = LoggerFactory.getLogger(ProcessBase.class);

  /** Maximum age of the number of descriptors in a scrape. */
  private static final Duration CENSUS_FRESH = Duration.ofMillis(100);

  /**
   * Maximum age of the number of descriptors in {@code /status}, which the supervisor requests each
   * second.
   */
  private static final Duration STATUS_MAX_AGE = Duration.ofSeconds(5);

  /** How long a process may drain after its supervisor has ended: it must end within seconds. */
  private static final Duration ORPHAN_DEADLINE = Duration.ofSeconds(2);

  /**
   * Time after the end of its supervisor at which a process is killed, so that all processes are
   * gone within five seconds.
   */
  private static final Duration ORPHAN_BOUND = Duration.ofSeconds(4);

  private final SluiceConfig config;
  private final ProcessOptions options;
  private final CrawlFiles files;
  private final StopRequest stop;
  private final @Nullable ParentWatch parent;
  private final Logging logging;
  private final Ledger ledger;
  private final DescriptorRules rules;
  private final DescriptorCensus census;
  private final ShutdownAudit audit;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics metrics;
  private final RunningTime time = RunningTime.watchedAlways(); // by the Redis pool
  private final Health health = new Health();
  private final RedisHealth redis = new RedisHealth(health);
  private final ResourceScope scope = new ResourceScope();

  private ProcessBase(
      SluiceConfig config,
      ProcessOptions options,
      CrawlFiles files,
      StopRequest stop,
      @Nullable ParentWatch parent,
      Logging logging,
      Ledger ledger) {
    this.config = config;
    this.options = options;
    this.files = files.enteredIn(ledger);
    this.stop = stop;
    this.parent = parent;
    this.logging = logging;
    this.ledger = ledger;
    this.rules =
        new DescriptorRules()
            .home(files.dir())
            .claimed(files.dir().resolve("frontier"))
            .claimed(files.output())
            .claimed(files.dir().resolve("parser"))
            .claimed(files.run())
            .files(ResourceKind.LOG, files.logs());
    this.census = new DescriptorCensus(ledger, rules, CENSUS_FRESH);
    this.audit = new ShutdownAudit(census, ledger);
    this.metrics = ProcessMetrics.bind(registry, census, ledger);
  }

  /**
   * Registers signal handlers, opens the log, and records open descriptors and threads.
   *
   * @param fit the config, fitted to the limit of descriptors and the heap
   * @throws CannotStart if the crawl directory cannot be written
   */
  static ProcessBase open(FittedConfig fit, ProcessOptions options) throws CannotStart {
    SluiceConfig config = fit.config();
    StopRequest stop = new StopRequest();
    ParentWatch parent = null;
    if (options.supervised()) {
      // without signal handlers: main() already forwards signals to the supervisor
      parent = watchParent(stop);
    } else {
      Signals.stopOn(stop);
    }
    CrawlFiles files = new CrawlFiles(config.crawl().dir());
    files.prepare();
    if (!options.supervised()) {
      ProcessFile.refuseTwin(files, options.name());
    }
    Ledger ledger = new ResourceLedger();
    if (options.supervised()) {
      // The parent watch was started before the ledger existed; it lasts as long as the process.
      ledger.enter(ResourceKind.THREAD, "launcher.parent-watch");
      ledger.enter(ResourceKind.PIPE, "launcher.parent-watch");
    }
    Logging logging = log(files, options, ledger);
    ProcessBase base = new ProcessBase(config, options, files, stop, parent, logging, ledger);
    base.bindMetrics();
    fit.lines().forEach(line -> log.warn("{}", line));
    return base;
  }

  @SuppressWarnings("resource") // the watch owns the channel and lasts as long as the process
  private static ParentWatch watchParent(StopRequest stop) {
    return ParentWatch.start(
        new FileInputStream(FileDescriptor.in).getChannel(),
        stop,
        ORPHAN_BOUND,
        () -> Runtime.getRuntime().halt(ExitCode.FORCED.status()));
  }

  private static Logging log(CrawlFiles files, ProcessOptions options, Ledger ledger)
      throws CannotStart {
    try {
      Files.deleteIfExists(files.report(options.name()));
      return Logging.open(
          files.log(options.name()),
          options.supervised() ? Logging.Console.ERRORS : Logging.Console.ALL,
          ledger);
    } catch (IOException e) {
      throw new CannotStart(
          "crawl.dir=%s: no log can be written there (%s)"
              .formatted(files.dir(), CrawlFiles.reason(e)));
    }
  }

  private void bindMetrics() {
    scope.own(registry::close);
    scope.own(metrics);
    scope.own(SentinelThread.start(census, ledger, registry));
    countLogEvents("warn", LogCounts::warnings);
    countLogEvents("error", LogCounts::errors);
  }

  private void countLogEvents(String level, ToDoubleFunction<LogCounts> count) {
    FunctionCounter.builder("sluice.log.events", logging, log -> count.applyAsDouble(log.counts()))
        .tag("level", level)
        .description("Events logged, by level")
        .register(registry);
  }

  String name() {
    return options.name();
  }

  SluiceConfig config() {
    return config;
  }

  CrawlFiles files() {
    return files;
  }

  StopRequest stop() {
    return stop;
  }

  Ledger ledger() {
    return ledger;
  }

  /**
   * The rules that attribute descriptors missing from the ledger to parts; every part that opens a
   * socket adds a rule.
   */
  DescriptorRules rules() {
    return rules;
  }

  MeterRegistry registry() {
    return registry;
  }

  /**
   * Monotonic time without the process's standstills; updated by the Redis pool while the pool is
   * open.
   */
  RunningTime time() {
    return time;
  }

  Health health() {
    return health;
  }

  /** Opens the admin port, which stays open until all stages are closed. */
  AdminServer serve(StatusSource status) {
    AdminPages pages = new AdminPages(() -> metrics.scrape(registry::scrape), health, status);
    AdminServer server = scope.own(AdminServer.start(config.admin(), pages, ledger));
    rules.localPort(ResourceKind.ADMIN, server.port());
    return server;
  }

  /**
   * Opens the process's Redis pool, which closes after all stages.
   *
   * @param keys the keys of the process's partition
   * @param client the name of the pool's connections
   */
  RedisPool redis(PartitionKeys keys, String client) throws CannotStart, InterruptedException {
    redis.starting();
    RedisPool pool =
        scope.own(RedisStart.open(config.redis(), keys, client, ledger, registry, time, stop));
    redis.watch(pool);
    return pool;
  }

  /** The default name of the process's connections to Redis. */
  String clientName() {
    return "sluice-%s-%d".formatted(options.name(), ProcessHandle.current().pid());
  }

  /** The section about Redis in {@code /status}. */
  Status redisStatus() {
    return redis.status();
  }

  /**
   * Ends a process whose {@linkplain #started start} was abandoned because a stop was requested.
   */
  ExitCode leaveUnstarted() throws InterruptedException {
    return leave(shutdown().build(), stop.await(), null);
  }

  /** Publishes the process file, which shows other processes that this one is up. */
  void announce(AdminServer admin) throws IOException {
    scope.own(ProcessFile.publish(files, files.runFile(options.name()), admin.port()));
  }

  /** Number of descriptors open in this process; -1 if the system does not report it. */
  long descriptors() {
    return census.recent(STATUS_MAX_AGE).total().orElse(-1);
  }

  /** The section about descriptors in {@code /status}. */
  Status descriptorStatus() {
    return CensusStatus.of(census, STATUS_MAX_AGE);
  }

  /** Why this process is not ready, by check, for the supervisor; empty when it is ready. */
  Status healthStatus() {
    Status.Builder reasons = Status.of();
    health.reasons().forEach(reasons::put);
    return reasons.build();
  }

  /**
   * Returns a builder for this process's shutdown, whose last steps close the parts of this object.
   */
  ShutdownSequence.Builder shutdown() {
    return ShutdownSequence.of(options.name(), audit)
        .last(scope)
        .logCounts(logging::counts)
        .stepBound(config.shutdown().stepBound());
  }

  /**
   * Shuts down, reports, and closes the log. A second signal cuts the drain short.
   *
   * @param lastStatus the crawl's last status. The fetcher passes it, to keep it for the summary
   *     and, without a supervisor, to write the whole crawl's report; null for parsers, many of
   *     which may share the crawl directory
   * @return the exit code for the process to end with
   */
  ExitCode leave(ShutdownSequence sequence, String reason, @Nullable StatusSource lastStatus) {
    ProcessMetrics.bindShutdown(registry, sequence);
    stop.forced()
        .thenAccept(
            again -> {
              log.warn("{}: cutting the drain short", again);
              sequence.force();
            });
    tell(new Notice.Stopping(reason));
    ShutdownReport report = sequence.run(reason, Deadline.in(patience(reason)));
    ExitCode exit;
    try (logging) {
      exit = report(report, lastStatus);
    }
    if (parent != null) {
      parent.close();
    }
    return exit;
  }

  /** Returns how long to drain: the supervisor's value if it ordered the stop. */
  private Duration patience(String reason) {
    return reason.equals(ParentWatch.PARENT_GONE)
        ? ORPHAN_DEADLINE
        : stop.order().map(Order.Stop::within).orElse(config.shutdown().deadline());
  }

  /** Sends a notice to the supervisor, if there is one. */
  private void tell(Notice notice) {
    if (options.supervised()) {
      System.err.println(notice.line());
    }
  }

  /**
   * Writes the reports. A report for which no room is left counts as a storage failure, like any
   * other failed write.
   */
  private ExitCode report(ShutdownReport stopped, @Nullable StatusSource lastStatus) {
    ShutdownReport report = stopped;
    if (lastStatus != null) {
      try {
        files.brief().replaceDurably(files.lastStatus(), ".new", bytes(lastStatus));
      } catch (IOException e) {
        report = report.withFailure("the last status cannot be written: " + CrawlFiles.reason(e));
      }
    }
    ShutdownReportTable.render(report).lines().forEach(line -> log.info("{}", line));
    try {
      Path place = files.report(options.name());
      Path written = CrawlReport.put(files, place, ShutdownReportFile.toJson(report));
      if (!written.equals(place)) {
        log.error(
            "no room for {}: the report of this stop was written to {}{}",
            place,
            written,
            options.supervised() ? " until the report of the whole crawl includes it" : "");
        tell(new Notice.Reported(written)); // sent before the next write, which may fail too
        report = report.withFailure("no room for the report at its usual path");
        files.brief().replaceDurably(written, ".tmp", ShutdownReportFile.toJson(report));
      }
      if (lastStatus != null && !options.supervised()) {
        Path whole =
            CrawlReport.write(
                files, report.exit(), report.reason(), Map.of(options.name(), written));
        if (!whole.equals(files.crawlReport())) {
          log.error("no room for {}: the report was written to {}", files.crawlReport(), whole);
          report = report.withFailure("no room for the crawl's report at its usual path");
        }
      }
      return report.exit();
    } catch (IOException e) {
      log.error("the shutdown report cannot be written: {}", CrawlFiles.reason(e));
      return report.exit().worse(ExitCode.FORCED);
    }
  }

  private static byte[] bytes(StatusSource source) {
    return source.status().toJson().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Starts the process's own parts.
   *
   * @return the parts; empty if the start was abandoned because a stop was requested. In that case
   *     the parts are closed and {@link #leaveUnstarted} must end the rest
   * @throws CannotStart if the start failed for a reason that the user can fix; everything is
   *     closed
   */
  <T> Optional<T> started(Start<T> start) throws CannotStart, InterruptedException {
    ResourceScope unwind = new ResourceScope();
    boolean goesOn = false;
    try {
      T parts = start.run(unwind);
      goesOn = true;
      return Optional.of(parts);
    } catch (CannotStart
        | IOException
        | RedisUnavailableException
        | AdminServer.PortUnavailableException e) {
      if (stop.isAsked() && !(e instanceof IOException)) {
        log.info("stopped while starting: {}", e.getMessage());
        unwind.close();
        goesOn = true;
        return Optional.empty();
      }
      log.debug("the start failed", e);
      throw switch (e) {
        case CannotStart cannot -> cannot;
        case IOException failure ->
            new CannotStart("crawl.dir=%s: %s".formatted(files.dir(), CrawlFiles.reason(failure)));
        default -> CannotStart.because(e);
      };
    } catch (RuntimeException e) {
      log.error("the start failed", e); // a defect, which the command line also shows
      throw e;
    } finally {
      if (!goesOn) {
        closeAll(unwind);
      }
    }
  }

  private void closeAll(ResourceScope parts) {
    try (logging;
        scope) {
      parts.close();
    }
  }

  /** A process's own start. */
  interface Start<T> {
    /**
     * Opens the parts.
     *
     * @param unwind owns the parts until the start is complete; closed if the start fails
     */
    T run(ResourceScope unwind)
        throws CannotStart, IOException, InterruptedException, RedisUnavailableException;
  }
}
