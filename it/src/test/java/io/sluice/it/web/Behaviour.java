package io.sluice.it.web;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A way in which the hostile web answers a request, and how the URL must end according to
 * docs/outcomes.md. Immutable.
 */
public enum Behaviour {
  /** HTML with a Content-Length. */
  PLAIN(Kind.GOOD, Expected.PAGE),
  GZIPPED(Kind.GOOD, Expected.PAGE),
  CHUNKED(Kind.GOOD, Expected.PAGE),
  /** HTTP/1.0, where the end of the connection is the end of the body. */
  UNTIL_CLOSE(Kind.GOOD, Expected.PAGE),

  RESET_AT_ONCE(Kind.RESETS, Expected.BROKEN),
  RESET_IN_HEAD(Kind.RESETS, Expected.BROKEN),
  RESET_IN_BODY(Kind.RESETS, Expected.BROKEN),
  CLOSED_AT_ONCE(Kind.RESETS, Expected.failed("connection-closed")),
  /**
   * A port that resets each connection as soon as it is accepted, so that robots.txt cannot be
   * read, either.
   */
  SLAMMED(
      Kind.RESETS,
      new Expected(
          Set.of("failed", "robots-denied"),
          Set.of(
              "robots-unreachable", "connect-refused", "connection-reset", "connection-closed"))),

  STALL_IN_HEAD(Kind.STALLS, Expected.failed("idle-timeout")),
  STALL_IN_BODY(Kind.STALLS, Expected.failed("idle-timeout")),
  STALL_IN_CHUNK(Kind.STALLS, Expected.failed("idle-timeout")),

  /** Sends nothing at all. */
  SILENT(Kind.TIMEOUTS, Expected.failed("first-byte-timeout")),
  /** Sends a byte now and then, forever. */
  DRIP(Kind.TIMEOUTS, Expected.failed("total-timeout")),

  /** An announced body beyond {@code fetcher.max-body}. */
  LONG_BODY(Kind.OVERSIZED, Expected.PAGE),
  /** Chunks without end. */
  ENDLESS_BODY(Kind.OVERSIZED, Expected.PAGE),
  /** A few kilobytes of gzip that inflate to megabytes. */
  BOMB(Kind.OVERSIZED, Expected.PAGE),
  LONG_HEAD(Kind.OVERSIZED, Expected.failed("headers-too-large")),
  /** Interim responses without end. */
  ENDLESS_INTERIMS(Kind.OVERSIZED, Expected.failed("headers-too-large")),

  GARBAGE(Kind.MALFORMED, Expected.failed("bad-response")),
  SWITCHED_PROTOCOL(Kind.MALFORMED, Expected.failed("bad-response")),
  BAD_CHUNK_SIZE(Kind.MALFORMED, Expected.failed("bad-response")),
  NEGATIVE_LENGTH(Kind.MALFORMED, Expected.failed("bad-response")),
  TWO_LENGTHS(Kind.MALFORMED, Expected.failed("bad-response")),
  BOTH_LENGTHS(Kind.MALFORMED, Expected.failed("bad-framing")),
  /** The connection ends before the announced length. */
  SHORT_BODY(Kind.MALFORMED, Expected.failed("body-incomplete")),
  /** A good response, followed by another one without a request. */
  TRAILING_RESPONSE(Kind.MALFORMED, Expected.PAGE),
  TRUNCATED_GZIP(Kind.MALFORMED, Expected.PAGE),
  CORRUPT_GZIP(Kind.MALFORMED, Expected.PAGE),

  TO_PAGE(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_OTHER_HOST(Kind.REDIRECTS, Expected.REDIRECTED),
  /** Two URLs that redirect to each other. */
  LOOP(Kind.REDIRECTS, Expected.REDIRECTED),
  /** More redirects in a row than {@link HostilePlan#MAX_REDIRECTS}. */
  CHAIN(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_FORBIDDEN_ADDRESS(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_FORBIDDEN_PORT(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_UNKNOWN_NAME(Kind.REDIRECTS, Expected.REDIRECTED),
  /** A redirect to a name that the name server does not answer. */
  TO_MUTE_NAME(Kind.REDIRECTS, Expected.REDIRECTED),
  /** A redirect without a Location. */
  NOWHERE(Kind.REDIRECTS, Expected.PAGE),

  NOT_FOUND(Kind.ERRORS, Expected.PAGE),
  GONE(Kind.ERRORS, Expected.PAGE),
  /** 429, with Retry-After. */
  TOO_MANY(Kind.ERRORS, Expected.ERROR_PAGE),
  SERVER_ERROR(Kind.ERRORS, Expected.ERROR_PAGE),
  /** 503, with Retry-After. */
  UNAVAILABLE(Kind.ERRORS, Expected.ERROR_PAGE);

  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // Expected copies its sets.
  private final Expected expected;

  Behaviour(Kind kind, Expected expected) {
    this.kind = kind;
    this.expected = expected;
  }

  public Kind kind() {
    return kind;
  }

  /** How a URL that is answered in this way must end. */
  public Expected expected() {
    return expected;
  }

  /** The kinds of behaviour; each answers a tenth of the web's URLs, {@code GOOD} three tenths. */
  public enum Kind {
    GOOD,
    RESETS,
    STALLS,
    TIMEOUTS,
    OVERSIZED,
    MALFORMED,
    REDIRECTS,
    ERRORS;

    List<Behaviour> behaviours() {
      return Arrays.stream(Behaviour.values()).filter(b -> b.kind == this).toList();
    }

    /** The kind's name in reports. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * What the crawl log may contain about a URL. Immutable.
   *
   * @param outcomes the values allowed for the field "outcome"
   * @param reasons the values allowed for the field "reason"
   */
  public record Expected(Set<String> outcomes, Set<String> reasons) {
    static final Expected PAGE = new Expected(Set.of("page"), Set.of("ok"));
    static final Expected ERROR_PAGE =
        new Expected(Set.of("page"), Set.of("too-many-requests", "server-error"));
    static final Expected REDIRECTED = new Expected(Set.of("redirected"), Set.of("redirect"));

    /** A connection error: a reset may overtake the bytes sent before it. */
    static final Expected BROKEN =
        failed("connection-reset", "connection-closed", "body-incomplete");

    private static final Set<String> TROUBLE =
        Set.of(
            "dns-timeout",
            "connect-refused",
            "connection-reset",
            "connection-closed",
            "first-byte-timeout",
            "idle-timeout",
            "total-timeout",
            "too-many-requests",
            "server-error");

    public Expected {
      outcomes = Set.copyOf(outcomes);
      reasons = Set.copyOf(reasons);
    }

    static Expected failed(String... reasons) {
      return new Expected(Set.of("failed"), Set.of(reasons));
    }

    static Expected refused(String reason) {
      return new Expected(Set.of("refused"), Set.of(reason));
    }

    /**
     * Whether the failure may be held against the host, in which case the URL may stay in the queue
     * of a host that was given up.
     */
    public boolean mayBeTheHosts() {
      return reasons.stream().anyMatch(TROUBLE::contains);
    }

    /** Whether the settings refuse the URL, which then stays in the frontier. */
    public boolean isRefused() {
      return outcomes.contains("refused");
    }

    /** Whether a line of the crawl log may have this outcome and reason. */
    public boolean allows(String outcome, String reason) {
      return outcomes.contains(outcome) && reasons.contains(reason);
    }
  }
}
