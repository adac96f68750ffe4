package io.sluice.core.url;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The standard's host parser (3.5) for hosts of special schemes: domains, IPv4 and IPv6 addresses.
 * Thread-safe: stateless.
 */
final class HostParser {

  private HostParser() {}

  /**
   * Appends the serialized form of the host {@code in[from, to)}.
   *
   * @return null, or what is wrong with it; then the appended text is meaningless
   */
  static @Nullable UrlProblem append(StringBuilder out, String in, int from, int to) {
    if (in.charAt(from) == '[') {
      return appendIpv6(out, in, from, to);
    }
    int start = out.length();
    if (!appendPlain(out, in, from, to)) {
      UrlProblem problem = appendDecoded(out, PercentEncoding.decode(in.substring(from, to)));
      if (problem != null) {
        return problem;
      }
    }
    return Ipv4Parser.endsInNumber(out, start, out.length()) ? toIpv4(out, start) : null;
  }

  private static @Nullable UrlProblem appendIpv6(StringBuilder out, String in, int from, int to) {
    int[] pieces = in.charAt(to - 1) == ']' ? Ipv6Parser.parse(in, from + 1, to - 1) : null;
    if (pieces == null) {
      return UrlProblem.BAD_IPV6;
    }
    out.append('[');
    Ipv6Parser.append(out, pieces);
    out.append(']');
    return null;
  }

  /** Appends a host of plain ASCII in lower case; false if it is escaped or not plain. */
  private static boolean appendPlain(StringBuilder out, String in, int from, int to) {
    boolean upperCase = false;
    for (int at = from; at < to; at++) {
      char c = in.charAt(at);
      if (c >= 128 || AsciiSet.FORBIDDEN_IN_DOMAIN.contains(c)) {
        return false;
      }
      upperCase |= c >= 'A' && c <= 'Z';
    }
    if (upperCase) {
      out.append(in.substring(from, to).toLowerCase(Locale.ROOT));
    } else {
      out.append(in, from, to);
    }
    return true;
  }

  /**
   * The slow path: domain to ASCII, then the check for forbidden characters. An ASCII domain is
   * accepted as it is, even if a label claims to be Punycode and is not.
   */
  private static @Nullable UrlProblem appendDecoded(StringBuilder out, String domain) {
    String ascii = isAscii(domain) ? domain.toLowerCase(Locale.ROOT) : Idna.toAscii(domain);
    if (ascii == null) {
      return UrlProblem.BAD_INTERNATIONAL_NAME;
    }
    if (ascii.isEmpty()) {
      return UrlProblem.NO_HOST;
    }
    for (int at = 0; at < ascii.length(); at++) {
      if (AsciiSet.FORBIDDEN_IN_DOMAIN.contains(ascii.charAt(at))) {
        return UrlProblem.FORBIDDEN_CHARACTER;
      }
    }
    out.append(ascii);
    return null;
  }

  private static boolean isAscii(String domain) {
    for (int at = 0; at < domain.length(); at++) {
      if (domain.charAt(at) >= 128) {
        return false;
      }
    }
    return true;
  }

  /** Replaces the host at the end of {@code out} by the IPv4 address that it spells. */
  private static @Nullable UrlProblem toIpv4(StringBuilder out, int start) {
    long address = Ipv4Parser.parse(out, start, out.length());
    if (address == Ipv4Parser.INVALID) {
      return UrlProblem.BAD_IPV4;
    }
    out.setLength(start);
    Ipv4Parser.append(out, address);
    return null;
  }
}
