package io.sluice.core.url;

/**
 * IPv4 addresses as the URL standard reads them in hosts (3.5): one to four parts, each decimal,
 * octal or hexadecimal, the last one filling the rest. Thread-safe: stateless.
 */
final class Ipv4Parser {

  /** Returned for text that is not a valid part or address; valid ones are at least 0. */
  static final long INVALID = -1;

  /** A part of this value or above is too big in any position; parsing stops counting here. */
  private static final long BEYOND = 1L << 32;

  private Ipv4Parser() {}

  /** Whether the host's last label is a number, so that it must be an IPv4 address. */
  static boolean endsInNumber(CharSequence host, int from, int to) {
    int end = to > from && host.charAt(to - 1) == '.' ? to - 1 : to;
    int start = end;
    while (start > from && host.charAt(start - 1) != '.') {
      start--;
    }
    if (start == end || digit(host.charAt(start), 10) < 0) {
      return false;
    }
    return allDigits(host, start, end) || number(host, start, end) != INVALID;
  }

  private static boolean allDigits(CharSequence host, int from, int to) {
    for (int at = from; at < to; at++) {
      if (digit(host.charAt(at), 10) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The address in {@code host[from, to)} as 32 bits, or {@link #INVALID}. */
  static long parse(CharSequence host, int from, int to) {
    int end = to > from && host.charAt(to - 1) == '.' ? to - 1 : to;
    long address = 0;
    int start = from;
    for (int parts = 1; parts <= 4; parts++) {
      int dot = start;
      while (dot < end && host.charAt(dot) != '.') {
        dot++;
      }
      long part = number(host, start, dot);
      if (part == INVALID) {
        return INVALID;
      }
      if (dot == end) {
        int bits = 8 * (5 - parts);
        return part >>> bits == 0 ? address << bits | part : INVALID;
      }
      if (part > 255) {
        return INVALID;
      }
      address = address << 8 | part;
      start = dot + 1;
    }
    return INVALID;
  }

  /** One part, at most {@link #BEYOND}, or {@link #INVALID}. */
  private static long number(CharSequence host, int from, int to) {
    if (from == to) {
      return INVALID;
    }
    int radix = 10;
    int at = from;
    if (host.charAt(at) == '0' && to - at >= 2) {
      boolean hex = (host.charAt(at + 1) | 0x20) == 'x';
      radix = hex ? 16 : 8;
      at += hex ? 2 : 1;
    }
    long value = 0;
    for (; at < to; at++) {
      int digit = digit(host.charAt(at), radix);
      if (digit < 0) {
        return INVALID;
      }
      value = Math.min(value * radix + digit, BEYOND);
    }
    return value;
  }

  /** Like {@link Character#digit}, for ASCII only. */
  private static int digit(char c, int radix) {
    return c < 128 ? Character.digit(c, radix) : -1;
  }

  /** Appends the address as four decimal parts. */
  static void append(StringBuilder out, long address) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.append(address >>> shift & 0xFF);
      if (shift > 0) {
        out.append('.');
      }
    }
  }
}
