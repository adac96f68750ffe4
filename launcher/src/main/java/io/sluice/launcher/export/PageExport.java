package io.sluice.launcher.export;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.stream.NotAdmittedException;
import io.sluice.core.stream.SlotRecord;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a running crawl's pages as plain JSON lines as they are committed, on a thread of its own,
 * so a slow target delays nothing else. Pages that the target has not accepted by the end of a run
 * are copied in the next run. Thread-safe.
 */
public final class PageExport implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PageExport.class);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration WAIT = Duration.ofMillis(20);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(1);

  /** Reads the records of the slots; blocks for a few round trips. */
  @FunctionalInterface
  public interface Records {
    /** Returns the slots' current records in Redis. */
    List<SlotRecord> all();
  }

  private final String to;
  private final CommittedPages pages;
  private final ExportTarget target;
  private final Ledger ledger;
  private final CompletableFuture<IOException> failed = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> finish = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> finished = new CompletableFuture<>();
  private @Nullable Thread thread;

  private PageExport(String to, CommittedPages pages, ExportTarget target, Ledger ledger) {
    this.to = to;
    this.pages = pages;
    this.target = target;
    this.ledger = ledger;
  }

  /**
   * Checks whether a target of the given name can be created. Called before the crawl is known.
   *
   * @param to a path, or {@code -} for standard output; null if nothing is exported
   * @throws CannotStart if the user must fix something first
   */
  public static void check(@Nullable String to) throws CannotStart {
    if (to != null) {
      ExportTarget.check(to);
    }
  }

  /**
   * Checks whether the target may be written; changes nothing.
   *
   * @param to a path, or {@code -} for standard output; null if nothing is exported
   * @throws CannotStart if the user must fix something first
   */
  public static void check(@Nullable String to, SluiceConfig config) throws CannotStart {
    if (to == null) {
      return;
    }
    if (!config.output().jsonl()) {
      throw new CannotStart(
          "output.jsonl=false: -o copies the pages of that output; set it to true");
    }
    CrawlFiles crawl = new CrawlFiles(config.crawl().dir());
    try {
      ExportTarget.check(to, state(to, crawl));
    } catch (IOException e) {
      throw cannot(to, e);
    }
  }

  /** Makes the next export write every file from its beginning, since the crawl starts over. */
  public static void beginAgain(CrawlFiles crawl) throws IOException {
    ExportState.resetAll(crawl.dir(), crawl.brief());
  }

  /**
   * Opens the target; nothing is copied yet.
   *
   * @param to a path, or {@code -} for standard output
   * @throws CannotStart if the user must fix something first
   */
  public static PageExport open(String to, SluiceConfig config, Ledger ledger) throws CannotStart {
    check(to, config);
    CrawlFiles crawl = new CrawlFiles(config.crawl().dir()).enteredIn(ledger);
    try {
      ExportState state = state(to, crawl);
      ExportTarget target = ExportTarget.open(to, state, ledger);
      BriefFiles files = new BriefFiles(ledger, ResourceKind.OUTPUT, "launcher.export");
      return new PageExport(
          to, new CommittedPages(crawl.output(), files, state, target), target, ledger);
    } catch (IOException e) {
      throw cannot(to, e);
    }
  }

  private static ExportState state(String to, CrawlFiles crawl) throws IOException {
    String name = to.equals("-") ? to : Path.of(to).toAbsolutePath().normalize().toString();
    return ExportState.read(crawl.dir(), name, crawl.brief());
  }

  private static CannotStart cannot(String to, IOException e) {
    return new CannotStart("-o=%s: %s".formatted(to, CrawlFiles.reason(e)));
  }

  /** Starts copying. */
  public void start(Records records) {
    Ledger.Entry entry = ledger.enter(ResourceKind.THREAD, "launcher.export");
    thread =
        Thread.ofPlatform()
            .name("export")
            .daemon()
            .start(
                () -> {
                  try (entry) {
                    run(records);
                  } finally {
                    finished.complete(null);
                  }
                });
  }

  /**
   * Returns a future that completes when the target can no longer be written: its reader closed the
   * pipe, or a disk failed.
   */
  public CompletableFuture<IOException> failed() {
    return failed.copy();
  }

  /**
   * Copies the remaining pages and ends. Must be called after the parsers have ended and before
   * Redis ends.
   *
   * @param deadline when to stop copying; may be in the past
   * @return a line for the user if the target did not accept everything
   */
  public Optional<String> finish(Deadline deadline) throws InterruptedException {
    if (thread == null) {
      return Optional.empty();
    }
    finish.complete(null);
    boolean inTime = awaitEnd(deadline);
    if (inTime && !failed.isDone()) {
      return Optional.empty();
    }
    String why = failed.isDone() ? String.valueOf(failed.join().getMessage()) : "no time was left";
    return Optional.of(
        "-o=%s: did not take all of the pages (%s); run again for the rest".formatted(to, why));
  }

  /** Closes the target; interrupts a write that hangs. */
  @Override
  public void close() throws IOException {
    finish.complete(null);
    if (thread != null && !finished.isDone()) {
      thread.interrupt();
      try {
        var _ = awaitEnd(Deadline.in(CLOSE_BOUND));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    target.close();
  }

  private boolean awaitEnd(Deadline deadline) throws InterruptedException {
    boolean left = true;
    while (!finished.isDone() && left) {
      left = deadline.pause(WAIT);
    }
    return finished.isDone();
  }

  private void run(Records records) {
    try {
      while (!await()) {
        pages.copy(ask(records));
      }
      pages.copy(ask(records));
    } catch (IOException e) {
      log.info("the export has ended: {}", e.toString());
      failed.complete(e);
    } catch (RuntimeException e) {
      log.error("the export failed", e);
      failed.complete(new IOException(e));
    }
  }

  /** Waits until it is time for the next pass; returns whether it is time to finish. */
  private boolean await() {
    try {
      finish.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // do not write: the interrupt would cut it short
      return true;
    } catch (ExecutionException e) {
      return true;
    }
  }

  private static List<SlotRecord> ask(Records records) {
    try {
      return records.all();
    } catch (RedisLostException | NotAdmittedException e) {
      log.debug("the slots' records cannot be read now", e);
      return List.of();
    }
  }
}
