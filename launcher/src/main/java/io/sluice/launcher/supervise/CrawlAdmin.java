package io.sluice.launcher.supervise;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.metrics.AdminPages;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.Health;
import io.sluice.core.metrics.ProcessMetrics;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.FetcherProcess;
import io.sluice.launcher.process.ProcessFile;
import io.sluice.launcher.progress.StatusClient;
import io.sluice.launcher.progress.StatusValues;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The admin port of a whole crawl, at {@code admin.port}: {@link CrawlPages}, and the health of the
 * crawl as a whole. Opened before Redis and the children, closed after them. Confined to the
 * supervisor's thread, which reports its observations each second; pages are rendered on the
 * server's threads.
 */
final class CrawlAdmin implements AutoCloseable {

  private static final Duration STATUS_PATIENCE = Duration.ofSeconds(1);
  private static final Duration SCRAPE_PATIENCE = Duration.ofSeconds(2);

  private final Health health = new Health();
  private final CrawlPages pages;
  private final StatusClient statuses;
  private final LongSupplier nanoTime;
  private final long startedNanos;
  private final ResourceScope scope = new ResourceScope();
  private int port;
  private boolean everAnswered;
  private long fetched;
  private long bytes;
  private long lastNanos;

  private CrawlAdmin(SluiceConfig config, CrawlFiles files, Ledger ledger, LongSupplier nanoTime) {
    this.statuses = new StatusClient(ChildCommands.ADDRESS, STATUS_PATIENCE, ledger);
    this.pages =
        new CrawlPages(
            config.crawl().name(),
            ChildCommands.names(config),
            files,
            statuses,
            new StatusClient(ChildCommands.ADDRESS, SCRAPE_PATIENCE, ledger));
    this.nanoTime = nanoTime;
    this.startedNanos = nanoTime.getAsLong();
    this.lastNanos = startedNanos;
    var _ = health.check(FetcherProcess.NAME);
    var _ = health.check("parsers");
  }

  /**
   * Opens the port, and records it in a process file.
   *
   * @param census the supervisor's own descriptors, served if nothing else is running in its
   *     process
   * @param rules receives a rule for the port
   * @throws CannotStart if the port cannot be opened
   */
  static CrawlAdmin open(
      Crawl crawl, CrawlFiles files, DescriptorCensus census, DescriptorRules rules, Ledger ledger)
      throws CannotStart, IOException {
    return open(crawl, files, census, rules, ledger, System::nanoTime);
  }

  /**
   * For tests.
   *
   * @param nanoTime monotonic time
   */
  static CrawlAdmin open(
      Crawl crawl,
      CrawlFiles files,
      DescriptorCensus census,
      DescriptorRules rules,
      Ledger ledger,
      LongSupplier nanoTime)
      throws CannotStart, IOException {
    CrawlAdmin admin = new CrawlAdmin(crawl.config(), files, ledger, nanoTime);
    try {
      Own own = admin.scope.own(new Own(admin.pages, crawl.alone() ? census : null, ledger));
      AdminPages pages =
          new AdminPages(() -> admin.pages.metrics(own), admin.health, admin.pages::status);
      AdminServer server =
          admin.scope.own(AdminServer.start(crawl.config().admin(), pages, ledger));
      rules.localPort(ResourceKind.ADMIN, server.port());
      admin.port = server.port();
      admin.scope.own(ProcessFile.publish(files, files.runFile(Supervisor.NAME), admin.port));
      return admin;
    } catch (AdminServer.PortUnavailableException e) {
      admin.close();
      throw CannotStart.because(e);
    } catch (IOException | RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  /** The port that the server listens on. */
  int port() {
    return port;
  }

  /** The client that requests the children's status. */
  StatusClient statuses() {
    return statuses;
  }

  /**
   * Records the supervisor's observations.
   *
   * @param said the fetcher's status; empty if it did not answer
   * @param parsersUp number of parsers that are up
   * @param descriptors number of descriptors open in all processes
   * @param peak highest number of descriptors seen so far
   */
  void observe(Optional<Status> said, long parsersUp, long descriptors, long peak) {
    long now = nanoTime.getAsLong();
    double seconds = Math.max(now - lastNanos, 1) / 1e9;
    said.ifPresent(pages::said);
    Status status = said.orElse(null);
    long pagesNow = status == null ? fetched : StatusValues.number(status, "fetched", 0);
    long bytesNow = status == null ? bytes : StatusValues.number(status, "bytes", 0);
    pages.watched(
        new CrawlPages.Watched(
            (now - startedNanos) / 1e9,
            since(fetched, pagesNow) / seconds,
            since(bytes, bytesNow) / seconds,
            descriptors,
            peak));
    if (status != null) { // without one, the next rates also cover the time without answers
      fetched = pagesNow;
      bytes = bytesNow;
      lastNanos = now;
      everAnswered = true;
    }
    set(health.check(FetcherProcess.NAME), fetcherTrouble(status));
    set(health.check("parsers"), parsersUp > 0 ? "" : "none is up");
  }

  /** Returns the increase of a counter that restarts at 0 with the fetcher. */
  private static long since(long before, long now) {
    return now < before ? now : now - before;
  }

  private static void set(Health.Check check, String trouble) {
    if (trouble.isEmpty()) {
      check.ready();
    } else {
      check.notReady(trouble);
    }
  }

  /**
   * Returns why the fetcher is not ready, as its status reports it if it answers; empty if it is
   * ready.
   */
  private String fetcherTrouble(@Nullable Status status) {
    if (status == null) {
      return everAnswered ? "does not answer" : "starting";
    }
    Status reasons = StatusValues.part(status, "notReady");
    return reasons.values().keySet().stream()
        .map(part -> part + ": " + StatusValues.text(reasons, part))
        .collect(Collectors.joining("; "));
  }

  /** Marks the crawl as stopping, and therefore as not ready. */
  void stopping() {
    health.check("crawl").notReady("stopping");
    pages.stopping();
  }

  @Override
  public void close() {
    scope.close();
  }

  /**
   * The supervisor's own metrics. They are registered only at the first scrape, since most crawls
   * are never scraped. Called by one thread at a time.
   */
  private static final class Own implements Supplier<String>, AutoCloseable {

    private final CrawlPages pages;
    private final @Nullable DescriptorCensus census;
    private final Ledger ledger;
    private final ResourceScope scope = new ResourceScope();
    private @Nullable Supplier<String> scrape;

    /**
     * @param census null if this process also has descriptors that do not belong to the supervisor
     */
    Own(CrawlPages pages, @Nullable DescriptorCensus census, Ledger ledger) {
      this.pages = pages;
      this.census = census;
      this.ledger = ledger;
    }

    @Override
    public synchronized String get() {
      Supplier<String> bound = scrape;
      if (bound == null) {
        bound = bind();
        scrape = bound;
      }
      return bound.get();
    }

    private Supplier<String> bind() {
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      scope.own(registry::close);
      Supplier<String> made = registry::scrape;
      if (census != null) {
        ProcessMetrics metrics = scope.own(ProcessMetrics.bind(registry, census, ledger));
        made = () -> metrics.scrape(registry::scrape);
      }
      FunctionCounter.builder("sluice.scrape.unanswered", pages, CrawlPages::unanswered)
          .description("Processes that were left out of a scrape because they did not answer")
          .register(registry);
      return made;
    }

    @Override
    public synchronized void close() {
      scope.close();
    }
  }
}
