package io.sluice.launcher.cli;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.lease.Offer;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.inspect.EndedUrls;
import io.sluice.launcher.process.OfferBatches;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Offers a file's URLs to a frontier, in bounded batches. Used once, on one thread. */
final class FrontierImport {

  private static final int BAD_LINES_SHOWN = 20;

  private final Frontier frontier;
  private final PrintWriter err;
  private final OfferBatches batches;
  private long waiting;
  private long badLines;

  /**
   * @param frontier borrowed
   * @param err receives the first {@value #BAD_LINES_SHOWN} lines that are not URLs
   */
  FrontierImport(Frontier frontier, PrintWriter err) {
    this.frontier = frontier;
    this.batches = new OfferBatches(frontier);
    this.err = err;
  }

  /** Offers the file's URLs. */
  void offer(Path file) throws IOException, InterruptedException {
    read(file, batches::add, this::tell);
    batches.flush();
  }

  /** Offers the file's URLs even if they have been seen before, except for those already queued. */
  void offerAgain(Path file, EndedUrls ended) throws IOException, InterruptedException {
    read(file, ended::add, _ -> {});
    ended.lookUp();
    read(file, offer -> offerAgain(ended.asQueued(offer), ended), this::tell);
    batches.flush();
  }

  private void offerAgain(Offer asQueued, EndedUrls ended)
      throws IOException, InterruptedException {
    if (ended.contains(asQueued)) {
      batches.add(asQueued.onceMore());
    } else {
      waiting++;
    }
  }

  private interface Offers {
    void take(Offer offer) throws IOException, InterruptedException;
  }

  private static void read(Path file, Offers offers, Consumer<String> problems)
      throws IOException, InterruptedException {
    try (OfferFile lines = OfferFile.open(file, new ResourceLedger())) {
      for (OfferFile.@Nullable Line line = lines.next(); line != null; line = lines.next()) {
        switch (line) {
          case OfferFile.Line.Valid(Offer offer) -> offers.take(offer);
          case OfferFile.Line.Bad(String problem) -> problems.accept(problem);
        }
      }
    }
  }

  private void tell(String problem) {
    if (badLines++ < BAD_LINES_SHOWN) {
      err.println(problem);
    }
  }

  /**
   * Offers the seeds of the crawl's own seeds file. They must be offered first, since their domains
   * may define the scope, and are offered in separate batches because they are not counted.
   */
  void offerSeeds(CrawlSettings crawl) throws IOException, InterruptedException {
    Path file = crawl.seedsFile();
    if (file == null) {
      return;
    }
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

  /** The numbers of the file's URLs that were accepted and refused. */
  OfferCounts counts() {
    return batches.counts();
  }

  /** Number of the file's URLs that were skipped because they are still queued. */
  long waiting() {
    return waiting;
  }

  /** Number of lines that are not URLs. */
  long badLines() {
    return badLines;
  }
}
