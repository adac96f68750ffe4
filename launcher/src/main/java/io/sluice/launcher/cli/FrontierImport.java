package io.sluice.launcher.cli;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.lease.Offer;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import io.sluice.launcher.process.OfferBatches;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Offers a file's URLs to a frontier, in bounded batches. Used once, on one thread. */
final class FrontierImport {

  private static final int BAD_LINES_SHOWN = 20;

  private final Frontier frontier;
  private final PrintWriter err;
  private final OfferBatches batches;
  private long badLines;

  /**
   * @param frontier borrowed
   * @param err where lines that are no URLs are named, the first {@value #BAD_LINES_SHOWN}
   */
  FrontierImport(Frontier frontier, PrintWriter err) {
    this.frontier = frontier;
    this.batches = new OfferBatches(frontier);
    this.err = err;
  }

  /** Offers the seeds of the crawl's file, whose domains may be its scope, then the URLs. */
  void offer(CrawlSettings crawl, Path file) throws IOException, InterruptedException {
    Path seeds = crawl.seedsFile();
    if (seeds != null) {
      offerSeeds(seeds);
    }
    try (OfferFile lines = OfferFile.open(file, new ResourceLedger())) {
      for (OfferFile.@Nullable Line line = lines.next(); line != null; line = lines.next()) {
        switch (line) {
          case OfferFile.Line.Valid(Offer offer) -> batches.add(offer);
          case OfferFile.Line.Bad(String problem) -> {
            if (badLines++ < BAD_LINES_SHOWN) {
              err.println(problem);
            }
          }
        }
      }
    }
    batches.flush();
  }

  /** In batches of their own: they do not count. */
  private void offerSeeds(Path file) throws IOException, InterruptedException {
    OfferBatches seeds = new OfferBatches(frontier);
    try (SeedsFile lines = SeedsFile.open(file, new ResourceLedger())) {
      for (SeedsFile.Line line = lines.next(); line != null; line = lines.next()) {
        if (line instanceof SeedsFile.Line.Valid(Seed seed, int _)) {
          seeds.add(Offer.seed(seed.url(), seed.labels()));
        }
      }
    }
    seeds.flush();
  }

  /** What became of the file's URLs. */
  OfferCounts counts() {
    return batches.counts();
  }

  /** Lines that are no URLs. */
  long badLines() {
    return badLines;
  }
}
