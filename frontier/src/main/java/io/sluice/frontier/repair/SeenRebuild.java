package io.sluice.frontier.repair;

import io.sluice.core.lease.Ending;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Adds lost fingerprints to a salvaged seen set, many at a time, and spills it when it is large.
 * Used once, on one thread.
 */
final class SeenRebuild {

  private static final int BATCH = 1 << 16;

  private final SeenSet seen;
  private final Fingerprints fingerprints;
  private final Ledger ledger;
  private final long[] batch = new long[BATCH];
  private int count;
  private long added;

  /**
   * @param seen borrowed
   */
  SeenRebuild(SeenSet seen, Fingerprints fingerprints, Ledger ledger) {
    this.ledger = ledger;
    this.seen = seen;
    this.fingerprints = fingerprints;
  }

  /**
   * Adds a URL that was accepted, unless it is already in the set. Takes effect with the next
   * {@link #flush}.
   */
  void accepted(String href) throws IOException {
    add(fingerprints.of(href));
  }

  /**
   * Adds the URLs that ended according to the crawl log.
   *
   * @param length number of bytes of the log to read
   */
  void ended(Path log, long length) throws IOException {
    if (!Files.exists(log)) {
      return;
    }
    try (CrawlLogReader lines = CrawlLogReader.open(log, length, ledger)) {
      for (CrawlLogReader.Entry line = lines.next(); line != null; line = lines.next()) {
        String href = line.url().href();
        // An accepted URL ends with its first lease at the earliest, which counts as an attempt; so
        // a refused URL without attempts is a seed that was never accepted.
        boolean refusedSeed = line.end().ending() == Ending.REFUSED && line.url().attempts() == 0;
        add(refusedSeed ? fingerprints.ofRefused(href) : fingerprints.of(href));
      }
    }
  }

  private void add(long fingerprint) throws IOException {
    batch[count++] = fingerprint;
    if (count == BATCH) {
      flush();
    }
  }

  /** Adds everything that is still pending. */
  void flush() throws IOException {
    seen.prepare(batch, count);
    for (int i = 0; i < count; i++) {
      if (!seen.contains(batch[i])) {
        seen.add(batch[i]);
        added++;
      }
    }
    count = 0;
    if (seen.worthSpill()) {
      seen.spill();
    }
  }

  /** The number of fingerprints that were found missing so far. */
  long added() {
    return added;
  }
}
