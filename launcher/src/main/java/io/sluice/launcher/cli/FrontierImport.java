package io.sluice.launcher.cli;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.lease.Offer;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Offers a file's URLs to a frontier, in bounded batches. Used once, on one thread. */
final class FrontierImport {

  private static final int BATCH = 4096;
  private static final Duration BATCH_BOUND = Duration.ofMinutes(5);
  private static final int BAD_LINES_SHOWN = 20;

  private final Frontier frontier;
  private final PrintWriter err;
  private final List<Offer> batch = new ArrayList<>();
  private OfferCounts counts = OfferCounts.NONE;
  private long badLines;

  /**
   * @param frontier borrowed
   * @param err where lines that are no URLs are named, the first {@value #BAD_LINES_SHOWN}
   */
  FrontierImport(Frontier frontier, PrintWriter err) {
    this.frontier = frontier;
    this.err = err;
  }

  /** Offers the seeds of the crawl's file, whose domains may be its scope, then the URLs. */
  void offer(CrawlSettings crawl, Path file) throws IOException, InterruptedException {
    Path seeds = crawl.seedsFile();
    if (seeds != null) {
      offerSeeds(seeds);
      counts = OfferCounts.NONE;
    }
    try (OfferFile lines = OfferFile.open(file)) {
      for (OfferFile.@Nullable Line line = lines.next(); line != null; line = lines.next()) {
        switch (line) {
          case OfferFile.Line.Valid(Offer offer) -> add(offer);
          case OfferFile.Line.Bad(String problem) -> {
            if (badLines++ < BAD_LINES_SHOWN) {
              err.println(problem);
            }
          }
        }
      }
    }
    flush();
  }

  private void offerSeeds(Path file) throws IOException, InterruptedException {
    try (SeedsFile lines = SeedsFile.open(file, new ResourceLedger())) {
      for (SeedsFile.Line line = lines.next(); line != null; line = lines.next()) {
        if (line instanceof SeedsFile.Line.Valid(Seed seed, int _)) {
          add(Offer.seed(seed.url(), seed.labels()));
        }
      }
    }
    flush();
  }

  /** What became of the file's URLs. */
  OfferCounts counts() {
    return counts;
  }

  /** Lines that are no URLs. */
  long badLines() {
    return badLines;
  }

  private void add(Offer offer) throws IOException, InterruptedException {
    batch.add(offer);
    if (batch.size() == BATCH) {
      flush();
    }
  }

  private void flush() throws IOException, InterruptedException {
    try {
      counts =
          counts.plus(
              frontier
                  .offer(List.copyOf(batch))
                  .toCompletableFuture()
                  .get(BATCH_BOUND.toMillis(), TimeUnit.MILLISECONDS));
      batch.clear();
    } catch (ExecutionException e) {
      throw new IOException("the frontier failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException("the frontier took no URLs within " + BATCH_BOUND, e);
    }
  }
}
