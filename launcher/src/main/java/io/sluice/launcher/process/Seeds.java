package io.sluice.launcher.process;

import io.sluice.core.config.CrawlSettings;
import io.sluice.core.config.Seed;
import io.sluice.core.config.SeedsFile;
import io.sluice.core.lease.Offer;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a crawl's seeds, those in the config and those in the seeds file, to its frontier in
 * bounded batches. All of them are offered at each start; the frontier ignores known ones. Confined
 * to the thread that starts the process.
 */
final class Seeds {

  private static final Logger log = LoggerFactory.getLogger(Seeds.class);

  private static final int BAD_LINES_LOGGED = 20;

  private final OfferBatches batches;
  private long badLines;

  private Seeds(Frontier frontier) {
    this.batches = new OfferBatches(frontier);
  }

  /**
   * Offers every seed; logs and skips lines of the file that are not valid seeds.
   *
   * @param stop ends the offering early
   * @return the numbers of seeds accepted and refused
   * @throws IOException if the file cannot be read or the frontier's storage fails
   */
  static OfferCounts offer(CrawlSettings crawl, Frontier frontier, Ledger ledger, StopRequest stop)
      throws IOException, InterruptedException {
    Seeds seeds = new Seeds(frontier);
    for (Seed seed : crawl.seeds()) {
      seeds.batches.add(offer(seed));
    }
    Path file = crawl.seedsFile();
    if (file != null) {
      try (SeedsFile lines = SeedsFile.open(file, ledger)) {
        seeds.addAll(lines, stop);
      }
    }
    seeds.batches.flush();
    if (seeds.badLines > BAD_LINES_LOGGED) {
      log.warn("{}: {} lines are not valid seeds", file, seeds.badLines);
    }
    return seeds.batches.counts();
  }

  private void addAll(SeedsFile lines, StopRequest stop) throws IOException, InterruptedException {
    for (SeedsFile.Line line = lines.next(); line != null && !stop.isAsked(); line = lines.next()) {
      switch (line) {
        case SeedsFile.Line.Valid valid -> batches.add(offer(valid.seed()));
        case SeedsFile.Line.Bad bad -> {
          if (badLines++ < BAD_LINES_LOGGED) {
            log.warn("{}", bad.problem());
          }
        }
      }
    }
  }

  private static Offer offer(Seed seed) {
    return Offer.seed(seed.url(), seed.labels());
  }
}
