package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.core.resource.Ledger;
import io.sluice.frontier.crawllog.CrawlLogReader;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Adds to a salvaged seen set what it lost, many at a time, and spills it when it is large. Used
 * once, on one thread.
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

  /** Adds a URL that was accepted, unless it is there; counts from the next {@link #flush}. */
  void accepted(String href) throws IOException {
    add(fingerprints.of(href));
  }

  /**
   * Adds what ended.
   *
   * @param length how much of the log is read
   */
  void ended(Path log, long length) throws IOException {
    if (!Files.exists(log)) {
      return;
    }
    try (CrawlLogReader lines = CrawlLogReader.open(log, length, ledger)) {
      for (CrawlLogReader.Entry line = lines.next(); line != null; line = lines.next()) {
        String href = line.url().href();
        // A URL that was accepted ends with its first lease at the earliest, which counts.
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

  /** Adds what waits to be added. */
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

  /** How many were not there, so far. */
  long added() {
    return added;
  }
}
