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
import io.sluice.launcher.logging.Logging;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both processes of a crawl stand on: the wish to stop, the log, ledger and census, metrics
 * and the admin port. Opened first and closed last. Confined to the process's main thread, but for
 * what its parts allow.
 */
final class ProcessBase {

  private static final Logger log = LoggerFactory.getLogger(ProcessBase.class);

  /** How long a count of descriptors is good enough for a scrape or a status. */
  private static final Duration CENSUS_FRESH = Duration.ofMillis(100);

  /** How long a process may drain whose supervisor died: it must be gone within seconds. */
  private static final Duration ORPHAN_DEADLINE = Duration.ofSeconds(2);

  /** When it is ended however far it is: with some grace, all are gone within five seconds. */
  private static final Duration ORPHAN_BOUND = Duration.ofSeconds(4);

  private final SluiceConfig config;
  private final ProcessOptions options;
  private final CrawlFiles files;
  private final StopRequest stop;
  private final Logging logging;
  private final Ledger ledger;
  private final DescriptorRules rules;
  private final DescriptorCensus census;
  private final ShutdownAudit audit;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ProcessMetrics metrics;
  private final Health health = new Health();
  private final RedisHealth redis = new RedisHealth(health);
  private final ResourceScope scope = new ResourceScope();

  private ProcessBase(
      SluiceConfig config,
      ProcessOptions options,
      CrawlFiles files,
      StopRequest stop,
      Logging logging,
      Ledger ledger) {
    this.config = config;
    this.options = options;
    this.files = files.enteredIn(ledger);
    this.stop = stop;
    this.logging = logging;
    this.ledger = ledger;
    this.rules =
        new DescriptorRules()
            .claimed(files.dir().resolve("frontier"))
            .claimed(files.output())
            .claimed(files.run())
            .files(ResourceKind.LOG, files.logs());
    this.census = new DescriptorCensus(ledger, rules, CENSUS_FRESH);
    this.audit = new ShutdownAudit(census, ledger);
    this.metrics = ProcessMetrics.bind(registry, census, ledger);
  }

  /**
   * Listens to signals, begins to log, and takes stock of what is open.
   *
   * @param limit the config, made to fit the limit of descriptors
   * @throws CannotStart when the crawl directory cannot be written
   */
  static ProcessBase open(DescriptorLimit limit, ProcessOptions options) throws CannotStart {
    SluiceConfig config = limit.config();
    StopRequest stop = new StopRequest();
    if (options.supervised()) {
      Signals.stopOnTermOnly(stop);
      ParentWatch.start(
          System.in, stop, ORPHAN_BOUND, () -> Runtime.getRuntime().halt(ExitCode.FORCED.status()));
    } else {
      Signals.stopOn(stop);
    }
    CrawlFiles files = new CrawlFiles(config.crawl().dir());
    files.prepare();
    if (!options.supervised()) {
      RunFile.refuseTwin(files, options.name());
    }
    Ledger ledger = new ResourceLedger();
    if (options.supervised()) {
      // The watch of the parent, begun above; it lasts as long as the process.
      ledger.enter(ResourceKind.THREAD, "launcher.parent-watch");
      ledger.enter(ResourceKind.PIPE, "launcher.parent-watch");
    }
    Logging logging = log(files, options, ledger);
    ProcessBase base = new ProcessBase(config, options, files, stop, logging, ledger);
    base.bindMetrics();
    if (!limit.line().isEmpty()) {
      log.warn("{}", limit.line());
    }
    return base;
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
          "crawl.dir=%s: no log can be written there (%s)".formatted(files.dir(), e.getMessage()));
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

  MeterRegistry registry() {
    return registry;
  }

  Health health() {
    return health;
  }

  /** Opens the admin port, which stays up until all stages are closed. */
  AdminServer serve(StatusSource status) {
    AdminPages pages = new AdminPages(() -> metrics.scrape(registry::scrape), health, status);
    AdminServer server = scope.own(AdminServer.start(config.admin(), pages, ledger));
    rules.localPort(ResourceKind.ADMIN, server.port());
    return server;
  }

  /**
   * Opens the process's Redis pool, which closes after all stages. Its clients are named after the
   * process and its pid.
   */
  RedisPool redis() throws CannotStart, InterruptedException {
    redis.starting();
    String client = "sluice-%s-%d".formatted(options.name(), ProcessHandle.current().pid());
    RedisPool pool = scope.own(RedisStart.open(config.redis(), client, ledger, registry, stop));
    redis.watch(pool);
    return pool;
  }

  /** What the process says of its Redis at {@code /status}. */
  Status redisStatus() {
    return redis.status();
  }

  /** Ends a process whose {@linkplain #started start} was given up because of a stop. */
  ExitCode leaveUnstarted() throws InterruptedException {
    return leave(shutdown().build(), stop.await(), null);
  }

  /** Tells others that the process is up. */
  void announce(AdminServer admin) throws IOException {
    scope.own(RunFile.publish(files, files.runFile(options.name()), admin.port()));
  }

  /** Descriptors open in this process; -1 where the system does not tell. */
  long descriptors() {
    return census.recent().total().orElse(-1);
  }

  /** What this process says of its descriptors. */
  Status descriptorStatus() {
    return CensusStatus.of(census);
  }

  /** Begins to describe this process's shutdown; everything of this object closes last in it. */
  ShutdownSequence.Builder shutdown() {
    return ShutdownSequence.of(options.name(), audit)
        .last(scope)
        .logCounts(logging::counts)
        .stepBound(config.shutdown().stepBound());
  }

  /**
   * Shuts down, reports, and closes the log. A second signal cuts the drain short.
   *
   * @param lastStatus the crawl's last status, of the one process that knows it: kept for the
   *     summary, and with it, where no supervisor does so, the report of the whole crawl. Null for
   *     the others, of which many may share the crawl directory
   * @return the process's exit code, for the caller to end with
   */
  ExitCode leave(ShutdownSequence sequence, String reason, @Nullable StatusSource lastStatus) {
    ProcessMetrics.bindShutdown(registry, sequence);
    stop.forced()
        .thenAccept(
            again -> {
              log.warn("{}: cutting the drain short", again);
              sequence.force();
            });
    Duration patience =
        reason.equals(ParentWatch.PARENT_GONE) ? ORPHAN_DEADLINE : config.shutdown().deadline();
    ShutdownReport report = sequence.run(reason, Deadline.in(patience));
    try (logging) {
      ShutdownReportTable.render(report).lines().forEach(line -> log.info("{}", line));
      ShutdownReportFile.write(report, files.report(options.name()));
      if (lastStatus != null) {
        CrawlReport.replace(files, files.lastStatus(), lastStatus.status().toJson());
        if (!options.supervised()) {
          CrawlReport.write(files, report.exit(), reason, List.of(options.name()));
        }
      }
    } catch (IOException e) {
      log.error("the shutdown report cannot be written", e);
    }
    return report.exit();
  }

  /**
   * Runs the start of the process's own parts.
   *
   * @return the parts; nothing when the start was given up because a stop was asked for: then its
   *     parts are closed, and {@link #leaveUnstarted} ends the rest
   * @throws CannotStart when it failed for a reason that the user can mend; everything is closed
   *     then
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
      throw e instanceof CannotStart cannot ? cannot : CannotStart.because(e);
    } catch (RuntimeException e) {
      log.error("the start failed", e); // A defect: the command line shows it too.
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
     * @param unwind what owns them until the start is complete; closed when it fails
     */
    T run(ResourceScope unwind)
        throws CannotStart, IOException, InterruptedException, RedisUnavailableException;
  }
}
