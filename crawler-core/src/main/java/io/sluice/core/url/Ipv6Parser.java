package io.sluice.core.url;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one IPv6 address as the URL standard does in hosts (3.5) and writes it compressed. Confined
 * to the thread that parses; used once.
 */
final class Ipv6Parser {

  private static final int PIECES = 8;

  private final String in;
  private final int end;
  private final int[] pieces = new int[PIECES];
  private int at;
  private int count;

  private Ipv6Parser(String in, int from, int to) {
    this.in = in;
    this.at = from;
    this.end = to;
  }

  /** The eight 16-bit pieces of the address in {@code in[from, to)}, or null. */
  static int @Nullable [] parse(String in, int from, int to) {
    Ipv6Parser parser = new Ipv6Parser(in, from, to);
    return parser.parse() ? parser.pieces : null;
  }

  private boolean parse() {
    int compressed = -1;
    if (peek(0) == ':') {
      if (peek(1) != ':') {
        return false;
      }
      at += 2;
      compressed = 0;
    }
    while (at < end) {
      if (count == PIECES) {
        return false;
      }
      if (peek(0) == ':') {
        if (compressed >= 0) {
          return false;
        }
        at++;
        compressed = count;
        continue;
      }
      if (embedsIpv4()) {
        return count <= PIECES - 2 && ipv4() && expand(compressed);
      }
      if (!piece()) {
        return false;
      }
    }
    return expand(compressed);
  }

  /** The character {@code ahead} places ahead, or NUL at the end. */
  private char peek(int ahead) {
    return at + ahead < end ? in.charAt(at + ahead) : 0;
  }

  /** Whether the next piece is the first part of a dotted IPv4 address. */
  private boolean embedsIpv4() {
    int ahead = 0;
    while (ahead < 4 && hexDigit(peek(ahead)) >= 0) {
      ahead++;
    }
    return peek(ahead) == '.';
  }

  /** Reads one piece of one to four digits and the colon after it, if any. */
  private boolean piece() {
    int value = 0;
    int digits = 0;
    while (digits < 4 && hexDigit(peek(0)) >= 0) {
      value = value << 4 | hexDigit(peek(0));
      at++;
      digits++;
    }
    pieces[count++] = value;
    if (at == end) {
      return digits > 0;
    }
    if (digits == 0 || peek(0) != ':') {
      return false;
    }
    at++;
    return at < end;
  }

  /** Reads four decimal parts without leading zeros, which must end the address. */
  private boolean ipv4() {
    long address = 0;
    for (int part = 0; part < 4; part++) {
      if (part > 0) {
        if (peek(0) != '.') {
          return false;
        }
        at++;
      }
      int value = ipv4Part();
      if (value < 0) {
        return false;
      }
      address = address << 8 | value;
    }
    pieces[count++] = (int) (address >>> 16);
    pieces[count++] = (int) (address & 0xFFFF);
    return at == end;
  }

  private int ipv4Part() {
    int start = at;
    int value = 0;
    while (AsciiSet.DIGITS.contains(peek(0))) {
      if (at > start && value == 0) {
        return -1;
      }
      value = value * 10 + (peek(0) - '0');
      if (value > 255) {
        return -1;
      }
      at++;
    }
    return at > start ? value : -1;
  }

  /** Inserts zero pieces in place of {@code ::}. */
  private boolean expand(int compressed) {
    if (compressed < 0) {
      return count == PIECES;
    }
    int moved = count - compressed;
    System.arraycopy(pieces, compressed, pieces, PIECES - moved, moved);
    Arrays.fill(pieces, compressed, PIECES - moved, 0);
    return true;
  }

  private static int hexDigit(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  /** Appends the address with the first longest run of two or more zero pieces as {@code ::}. */
  static void append(StringBuilder out, int[] pieces) {
    int zeros = longestZeros(pieces);
    int zerosEnd = zeros < 0 ? -1 : endOfZeros(pieces, zeros);
    for (int i = 0; i < PIECES; i++) {
      if (i == zeros) {
        out.append(i == 0 ? "::" : ":");
        i = zerosEnd - 1;
        continue;
      }
      out.append(Integer.toHexString(pieces[i]));
      if (i < PIECES - 1) {
        out.append(':');
      }
    }
  }

  private static int longestZeros(int[] pieces) {
    int best = -1;
    int bestLength = 1;
    for (int i = 0; i < PIECES; i++) {
      int length = endOfZeros(pieces, i) - i;
      if (length > bestLength) {
        best = i;
        bestLength = length;
      }
    }
    return best;
  }

  private static int endOfZeros(int[] pieces, int from) {
    int i = from;
    while (i < PIECES && pieces[i] == 0) {
      i++;
    }
    return i;
  }
}
