package io.sluice.core.url;

import org.jspecify.annotations.Nullable;

/**
 * The basic URL parser (URL standard, 4.4) for inputs that result in an {@code http} or {@code
 * https} URL.
 *
 * <p>For these schemes the standard's states run strictly forward, and the first {@code #} and the
 * first {@code ?} before it always end the part before them. So the parser cuts the input there
 * first, then reads scheme, authority, path and query in turn, each from its slice of the input,
 * and appends its serialized form to one buffer. A relative reference starts with a copy of the
 * base's beginning; the base is never parsed again.
 *
 * <p>Confined to the thread that parses; used once.
 */
final class UrlParser {

  private final String in;
  private final @Nullable Url base;

  /** Encodes the query; null for UTF-8. */
  private final @Nullable QueryEncoder queryEncoder;

  private final StringBuilder out;

  /** Where the next part begins in the input. */
  private int at;

  /** Where scheme, authority and path end in the input: at the query, or at the end. */
  private final int hierarchyEnd;

  /** Where the query ends in the input: at the fragment, or at the end. */
  private final int end;

  private boolean https;
  private int hostStart;
  private int hostEnd;
  private int port;
  private int pathStart;

  private @Nullable UrlProblem problem;

  private UrlParser(String in, @Nullable Url base, @Nullable QueryEncoder queryEncoder) {
    this.in = in;
    this.base = base;
    this.queryEncoder = queryEncoder;
    int fragment = in.indexOf('#');
    this.end = fragment < 0 ? in.length() : fragment;
    int query = in.indexOf('?', 0, end);
    this.hierarchyEnd = query < 0 ? end : query;
    this.out = new StringBuilder(end + (base == null ? 16 : base.pathEnd()));
  }

  /** Parses a reference against a base, or an absolute URL if there is none. */
  static @Nullable Url parse(String input, @Nullable Url base) {
    return parse(input, base, null);
  }

  /** The same, with the query in an encoding other than UTF-8 if an encoder is given. */
  static @Nullable Url parse(
      String input, @Nullable Url base, @Nullable QueryEncoder queryEncoder) {
    if (input.length() > Url.MAX_LENGTH) {
      return null;
    }
    Url plain = base == null ? null : PlainReference.resolve(input, base, queryEncoder == null);
    return plain == null ? parseWhole(input, base, queryEncoder) : plain;
  }

  /** The same by the standard's steps alone, without the shortcut for plain references. */
  static @Nullable Url parseWhole(
      String input, @Nullable Url base, @Nullable QueryEncoder queryEncoder) {
    return new UrlParser(UrlText.clean(input), base, queryEncoder).parse();
  }

  /** Why an absolute URL cannot be parsed; null if it can. */
  static @Nullable UrlProblem problem(String input) {
    if (input.length() > Url.MAX_LENGTH) {
      return UrlProblem.TOO_LONG;
    }
    String text = UrlText.clean(input);
    if (text.isEmpty()) {
      return UrlProblem.EMPTY;
    }
    UrlParser parser = new UrlParser(text, null, null);
    return parser.parse() == null ? parser.problem : null;
  }

  private @Nullable Url parse() {
    int colon = schemeEnd();
    return colon < 0 ? relative() : schemed(colon);
  }

  /** The position of the colon after a scheme, or -1 if the input has no scheme. */
  private int schemeEnd() {
    if (at == end || !AsciiSet.LETTERS.contains(in.charAt(at))) {
      return -1;
    }
    int i = at + 1;
    while (i < end && AsciiSet.SCHEME.contains(in.charAt(i))) {
      i++;
    }
    return i < end && in.charAt(i) == ':' ? i : -1;
  }

  private @Nullable Url schemed(int colon) {
    int length = colon - at;
    https = length == 5;
    if (length < 4 || !in.regionMatches(true, at, "https", 0, length)) {
      return fail(UrlProblem.OTHER_SCHEME);
    }
    at = colon + 1;
    boolean slashes = isSlash(at) && isSlash(at + 1);
    return base != null && base.isHttps() == https && !slashes ? relative() : absolute();
  }

  private boolean isSlash(int i) {
    return i < hierarchyEnd && (in.charAt(i) == '/' || in.charAt(i) == '\\');
  }

  private @Nullable Url relative() {
    if (base == null) {
      return fail(UrlProblem.NO_SCHEME);
    }
    https = base.isHttps();
    if (isSlash(at)) {
      return isSlash(at + 1) ? absolute() : inAuthorityOf(base);
    }
    if (at == end) {
      return base;
    }
    return inPathOf(base);
  }

  /** A reference with an authority of its own; the slashes before it are still to be read. */
  private @Nullable Url absolute() {
    while (isSlash(at)) {
      at++;
    }
    out.append(https ? "https://" : "http://");
    problem = authority();
    if (problem != null) {
      return null;
    }
    pathStart = out.length();
    out.append('/');
    at += isSlash(at) ? 1 : 0;
    return path();
  }

  /** A reference that is an absolute path. */
  private @Nullable Url inAuthorityOf(Url base) {
    takeAuthority(base);
    out.append(base.href(), 0, pathStart).append('/');
    at++;
    return path();
  }

  /** A reference relative to the base's path, or only a query. */
  private @Nullable Url inPathOf(Url base) {
    takeAuthority(base);
    if (at == hierarchyEnd) {
      out.append(base.href(), 0, base.pathEnd());
      return query();
    }
    out.append(base.href(), 0, base.href().lastIndexOf('/', base.pathEnd() - 1) + 1);
    return path();
  }

  private void takeAuthority(Url base) {
    hostStart = base.hostStart();
    hostEnd = base.hostEnd();
    port = base.port();
    pathStart = base.pathStart();
  }

  /** Appends credentials, host and port, and leaves {@code at} where the path begins. */
  private @Nullable UrlProblem authority() {
    int start = at;
    int sign = -1;
    int portColon = -1;
    boolean inBrackets = false;
    for (; at < hierarchyEnd && !isSlash(at); at++) {
      char c = in.charAt(at);
      if (c == '@') {
        sign = at;
        portColon = -1;
        inBrackets = false;
      } else if (c == ':' && !inBrackets && portColon < 0) {
        portColon = at;
      } else if (c == '[' || c == ']') {
        inBrackets = c == '[';
      }
    }
    if (sign >= 0) {
      credentials(start, sign);
      start = sign + 1;
    }
    int hostTo = portColon < 0 ? at : portColon;
    if (start == hostTo) {
      return UrlProblem.NO_HOST;
    }
    hostStart = out.length();
    UrlProblem hostProblem = HostParser.append(out, in, start, hostTo);
    hostEnd = out.length();
    return hostProblem == null ? port(hostTo + 1, at) : hostProblem;
  }

  /** Appends {@code user:password@}, without empty parts. */
  private void credentials(int from, int to) {
    int colon = in.indexOf(':', from, to);
    int userEnd = colon < 0 ? to : colon;
    PercentEncoding.append(out, in, from, userEnd, PercentEncoding.USERINFO);
    if (userEnd + 1 < to) {
      out.append(':');
      PercentEncoding.append(out, in, userEnd + 1, to, PercentEncoding.USERINFO);
    } else if (userEnd == from) {
      return;
    }
    out.append('@');
  }

  /** Appends a port other than the scheme's own. */
  private @Nullable UrlProblem port(int from, int to) {
    int ownPort = https ? Url.HTTPS_PORT : Url.HTTP_PORT;
    port = ownPort;
    if (from >= to) {
      return null;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = in.charAt(i);
      if (!AsciiSet.DIGITS.contains(c)) {
        return UrlProblem.BAD_PORT;
      }
      value = value * 10 + (c - '0');
      if (value > 65_535) {
        return UrlProblem.BAD_PORT;
      }
    }
    port = value;
    if (value != ownPort) {
      out.append(':').append(value);
    }
    return null;
  }

  private @Nullable Url path() {
    PathParser.append(out, pathStart, in, at, hierarchyEnd);
    return query();
  }

  private @Nullable Url query() {
    int pathEnd = out.length();
    if (hierarchyEnd < end) {
      out.append('?');
      if (queryEncoder == null) {
        PercentEncoding.append(out, in, hierarchyEnd + 1, end, PercentEncoding.QUERY);
      } else {
        EncodedQuery.append(out, in, hierarchyEnd + 1, end, queryEncoder);
      }
    }
    if (out.length() > Url.MAX_LENGTH) {
      return fail(UrlProblem.TOO_LONG);
    }
    return new Url(out.toString(), hostStart, hostEnd, port, pathStart, pathEnd);
  }

  private @Nullable Url fail(UrlProblem why) {
    problem = why;
    return null;
  }
}
