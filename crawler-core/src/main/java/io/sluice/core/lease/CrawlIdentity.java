package io.sluice.core.lease;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Distinguishes one crawl from every other, whatever its name: 128 random bits, created together
 * with its frontier and kept there. Immutable.
 *
 * @param hex 32 lower-case hexadecimal digits
 */
public record CrawlIdentity(String hex) {

  private static final int BYTES = 16;
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{" + 2 * BYTES + "}");

  /** Number of digits shown in messages, enough to tell two crawls apart. */
  private static final int SHOWN = 8;

  public CrawlIdentity {
    if (!HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a crawl identity: " + hex);
    }
  }

  /** A new identity. */
  public static CrawlIdentity random(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new CrawlIdentity(HexFormat.of().formatHex(bytes));
  }

  /** Reads the digits; null if {@code text} is anything else. */
  public static @Nullable CrawlIdentity parse(String text) {
    return HEX.matcher(text).matches() ? new CrawlIdentity(text) : null;
  }

  /** The first digits, for people. */
  public String shown() {
    return hex.substring(0, SHOWN);
  }

  @Override
  public String toString() {
    return hex;
  }
}
