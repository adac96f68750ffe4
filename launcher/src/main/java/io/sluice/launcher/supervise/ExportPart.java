package io.sluice.launcher.supervise;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.SlotRecords;
import io.sluice.launcher.export.PageExport;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.Nodes;
import io.sluice.launcher.process.StopRequest;
import io.sluice.launcher.progress.Screen;
import io.sluice.parser.node.ParserNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The export of a run's pages that {@code -o} requests, if any. Everything it opens is closed with
 * the run's scope. Confined to the main thread.
 */
final class ExportPart {

  private static final Logger log = LoggerFactory.getLogger(ExportPart.class);

  private final @Nullable PageExport export;
  private final boolean toStandardOutput;
  private final SluiceConfig config;
  private final Ledger ledger;
  private final ResourceScope scope;
  private boolean incomplete;

  private ExportPart(@Nullable PageExport export, Crawl crawl, Ledger ledger, ResourceScope scope) {
    this.export = export;
    this.toStandardOutput = "-".equals(crawl.export());
    this.config = crawl.config();
    this.ledger = ledger;
    this.scope = scope;
  }

  /**
   * Opens the target, if the user named one.
   *
   * @param scope the run's scope, which closes everything that is opened here and later
   * @throws CannotStart if the user must fix something first
   */
  static ExportPart open(Crawl crawl, Ledger ledger, ResourceScope scope) throws CannotStart {
    String to = crawl.export();
    PageExport export = to == null ? null : scope.own(PageExport.open(to, crawl.config(), ledger));
    return new ExportPart(export, crawl, ledger, scope);
  }

  /**
   * Starts copying. Must be called after the fetcher has taken the partition: until then, the
   * records in Redis may belong to another crawl.
   *
   * @param onFailure called on the export's thread when the target can no longer be written
   */
  void start(CrawlRedis redis, StopRequest stop, Consumer<IOException> onFailure) {
    if (export == null) {
      return;
    }
    try {
      ParserNode node = Nodes.of(config, ledger);
      RedisPool pool =
          scope.own(
              RedisPool.open(
                  redis.settings(),
                  node.keys(),
                  "sluice-export",
                  ledger,
                  new SimpleMeterRegistry(),
                  stop.asked().toCompletableFuture()));
      export.start(new SlotRecords(pool, node.membership())::all);
      var _ = export.failed().thenAccept(onFailure);
    } catch (RedisUnavailableException | IOException e) {
      log.warn("the export reads sealed files only: {}", e.getMessage());
      export.start(List::of);
    }
  }

  /**
   * Copies the pages that the parsers committed last; the next run copies those that the target
   * does not accept in time.
   */
  void finish(Deadline deadline, Screen screen) throws InterruptedException {
    Optional<String> missing = export == null ? Optional.empty() : export.finish(deadline);
    missing.ifPresent(line -> screen.error("sluice: " + line));
    incomplete = missing.isPresent() && !toStandardOutput;
  }

  /** Whether the target is standard output, whose reader may close it at any time. */
  boolean toStandardOutput() {
    return toStandardOutput;
  }

  /**
   * Whether the exported file lacks some of the run's pages. A pipe that its reader has closed does
   * not count.
   */
  boolean incomplete() {
    return incomplete;
  }
}
