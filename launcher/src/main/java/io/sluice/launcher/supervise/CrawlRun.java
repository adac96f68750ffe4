package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownAudit;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.export.PageExport;
import io.sluice.launcher.logging.Logging;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.DescriptorLimit;
import io.sluice.launcher.process.MemoryLimit;
import io.sluice.launcher.process.SeedCheck;
import io.sluice.launcher.process.Signals;
import io.sluice.launcher.process.StopRequest;
import java.io.IOException;
import java.time.Duration;

/**
 * One run of a crawl on this machine: makes every check that could refuse it, locks the directory,
 * opens the resources of the whole run, and hands over to the {@link Supervisor}. Stateless.
 */
public final class CrawlRun {

  /** Maximum age of the descriptor census. */
  private static final Duration CENSUS = Duration.ofSeconds(1);

  private CrawlRun() {}

  /** Refuses a config that does not fit the children's heaps, before anything is started. */
  private static void checkMemory(SluiceConfig config) throws CannotStart {
    var _ = MemoryLimit.ofFetcher(config, config.fetcher().heapBytes());
    var _ = MemoryLimit.ofParser(config, config.parser().heapBytes());
  }

  /**
   * Runs the crawl to its end.
   *
   * @return how the run ended, with the last numbers
   * @throws CannotStart if the user must fix something first; nothing is left running
   * @throws InterruptedException if the main thread is interrupted, which Sluice never does
   */
  public static RunResult run(Crawl crawl) throws CannotStart, InterruptedException {
    StopRequest stop = new StopRequest();
    Signals.stopOn(stop);
    DescriptorLimit.checkSupervisor(crawl.config());
    checkMemory(crawl.config());
    Crawl.Begin begin = crawl.begin();
    SeedCheck.atStart(
        crawl.config(), begin != null, line -> crawl.screen().error("sluice: " + line));
    PageExport.check(crawl.export(), crawl.config());
    CrawlFiles files = new CrawlFiles(crawl.config().crawl().dir());
    Ledger ledger = new ResourceLedger();
    try (ResourceScope held = new ResourceScope()) {
      if (begin != null) {
        CrawlRemoval.check(crawl.config());
      }
      files.prepare();
      held.own(CrawlLock.take(files, ledger));
      if (begin != null) {
        beginAgain(crawl, files, begin);
      }
      Logging logging =
          held.own(Logging.open(files.log(Supervisor.NAME), Logging.Console.NONE, ledger));
      DescriptorRules rules = rules(files);
      DescriptorCensus census = new DescriptorCensus(ledger, rules, CENSUS);
      ShutdownAudit audit = new ShutdownAudit(census, ledger);
      try (ResourceScope parts = new ResourceScope()) {
        CrawlFiles entered = files.enteredIn(ledger);
        CrawlAdmin admin = parts.own(CrawlAdmin.open(crawl, entered, census, rules, ledger));
        StartLines lines = new StartLines(crawl.screen(), crawl.config());
        lines.begins(files.place(), admin.port()); // printed before any step that may take a while
        Leftovers.clean(files, ChildCommands.names(crawl.config()));
        return new Supervisor(crawl, entered, stop, ledger, parts, admin, lines)
            .run(audit, logging);
      } finally {
        crawl.screen().clear(); // so that the reason for a failed start gets its own line
      }
    } catch (IOException e) {
      throw new CannotStart("crawl.dir=%s: %s".formatted(files.dir(), CrawlFiles.reason(e)));
    }
  }

  /** Empties the directory: the last step before the start, once all checks have passed. */
  private static void beginAgain(Crawl crawl, CrawlFiles files, Crawl.Begin begin)
      throws CannotStart, IOException, InterruptedException {
    CrawlRemoval.remove(files, ChildCommands.names(crawl.config()));
    files.prepare();
    begin.write();
  }

  /**
   * Returns the descriptor rules of this run, for the lock and the log, which are already open and
   * stay open until the report is written.
   */
  private static DescriptorRules rules(CrawlFiles files) {
    return new DescriptorRules()
        .home(files.dir())
        .files(ResourceKind.LOG, files.logs())
        .files(ResourceKind.OTHER, files.run());
  }
}
