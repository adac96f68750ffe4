package io.sluice.frontier.seen;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * Computes the 64-bit fingerprints of URLs, by a hash that is seeded per crawl so that no site can
 * prepare collisions. Thread-safe: immutable.
 */
public final class Fingerprints {

  private static final long REFUSED = 0x9E3779B97F4A7C15L;

  private final Hasher64 hasher;

  /** Creates the hash of a crawl from its seed. */
  public Fingerprints(long seed) {
    this.hasher = Hashing.xxh3_64(seed);
  }

  /** The fingerprint of a URL, or of any other name in ASCII. */
  public long of(String href) {
    return hasher.hashBytesToLong(href.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The fingerprint that marks a URL as a seed that was refused. */
  public long ofRefused(String href) {
    return of(href) ^ REFUSED;
  }
}
