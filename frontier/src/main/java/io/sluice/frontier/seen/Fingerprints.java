package io.sluice.frontier.seen;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * The 64-bit names of URLs, by a hash seeded for each crawl so that no site can prepare collisions.
 * Thread-safe: immutable.
 */
public final class Fingerprints {

  private static final long REFUSED = 0x9E3779B97F4A7C15L;

  private final Hasher64 hasher;

  /** Fingerprints of the crawl with that seed. */
  public Fingerprints(long seed) {
    this.hasher = Hashing.xxh3_64(seed);
  }

  /** The fingerprint of a URL, or of any other name in ASCII. */
  public long of(String href) {
    return hasher.hashBytesToLong(href.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The fingerprint of the fact that this URL was a seed and refused. */
  public long ofRefused(String href) {
    return of(href) ^ REFUSED;
  }
}
