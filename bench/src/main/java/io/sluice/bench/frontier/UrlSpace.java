package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import io.sluice.core.url.Url;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Numbered URLs: the i-th is computed from i, so none is stored. Each is about 60 characters long
 * and lies in one of 32 directories of its host. The host is drawn by a power law of exponent 1: of
 * a hundred million URLs on a million hosts, the first host has five to seven million, and half of
 * the hosts have at most fifteen each. A seed gives the same URLs on every machine: the law's curve
 * is a table computed with {@link StrictMath} and interpolated linearly. Confined to one thread.
 */
final class UrlSpace {

  private static final int CURVE_BITS = 12;
  private static final int DEPTH = 3;
  private static final byte[] SCHEME = ascii("https://");
  private static final byte[] EXTENSION = ascii(".html");
  private static final byte[] DIGITS = ascii("0123456789abcdefghijklmnopqrstuvwxyz");
  private static final byte[][] SUFFIXES = {
    ascii(".com"), ascii(".org"), ascii(".net"), ascii(".de"), ascii(".co.uk"), ascii(".fr")
  };
  private static final byte[][] HOST_WORDS =
      words("river garden stone harbor meadow silver copper maple falcon summit canyon willow");
  private static final byte[][] SECTIONS =
      words("docs guide blog news products support archive reference community tutorials api shop");
  private static final byte[][] TOPICS =
      words("install network storage security release kernel compiler library billing windows");
  private static final byte[][] PAGES =
      words("overview changes question example summary details answer notes index install-on");

  private final long seed;
  private final long[] curve = new long[(1 << CURVE_BITS) + 1];
  private final byte[] buffer = new byte[256];
  private int length;

  /**
   * @param hosts number of hosts, at least 1
   */
  UrlSpace(long seed, int hosts) {
    this.seed = seed;
    for (int i = 0; i < curve.length; i++) {
      double at = (double) i / (curve.length - 1);
      curve[i] = (long) ((StrictMath.pow(hosts + 1.0, at) - 1) * (1 << 16));
    }
  }

  /** The number of a URL's host; host 0 has the most URLs. */
  int host(long id) {
    long draw = mix(seed ^ mix(id));
    int point = (int) (draw >>> (64 - CURVE_BITS));
    long part = (draw >>> 16) & 0xFFFFFFFFL;
    long width = curve[point + 1] - curve[point];
    return (int) ((curve[point] + Math.multiplyHigh(width << 16, part << 16)) >>> 16);
  }

  /** Creates an offer of a URL as if a link to it had been found on its host's first page. */
  Offer offer(long id) {
    length = 0;
    int host = host(id);
    int origin = appendOrigin(host);
    appendPath(id, host);
    String href = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
    Url url = Objects.requireNonNull(Url.parse(href), href);
    return new Offer(url, DEPTH, href.substring(0, origin), List.of());
  }

  private int appendOrigin(int host) {
    long mixed = mix(host);
    append(SCHEME);
    append(pick(HOST_WORDS, mixed));
    append((byte) '-');
    append(pick(HOST_WORDS, mixed >>> 16));
    append((byte) '-');
    appendNumber(host);
    append(pick(SUFFIXES, mixed >>> 32));
    append((byte) '/');
    return length;
  }

  private void appendPath(long id, int host) {
    long mixed = mix(id);
    append(pick(SECTIONS, host + (mixed & 3)));
    append((byte) '/');
    append(pick(TOPICS, host + (mixed >>> 2 & 7)));
    append((byte) '/');
    append(pick(PAGES, mixed >>> 8));
    append((byte) '-');
    appendNumber(id);
    append(EXTENSION);
  }

  private void appendNumber(long number) {
    long rest = number;
    do {
      append(DIGITS[(int) (rest % DIGITS.length)]);
      rest /= DIGITS.length;
    } while (rest > 0);
  }

  private void append(byte value) {
    buffer[length++] = value;
  }

  private void append(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private static byte[] pick(byte[][] from, long draw) {
    return from[(int) ((draw & 0xFFFF) % from.length)];
  }

  /** SplitMix64's finisher: every bit of the result depends on every bit of the number. */
  static long mix(long number) {
    long z = number + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static byte[][] words(String list) {
    return Arrays.stream(list.split(" ", -1)).map(UrlSpace::ascii).toArray(byte[][]::new);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
