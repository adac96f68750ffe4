package io.sluice.it.web;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What the hostile web does with a request, and how docs/outcomes.md says that the URL must end.
 * Immutable.
 */
public enum Behaviour {
  /** HTML with its length. */
  PLAIN(Kind.GOOD, Expected.PAGE),
  GZIPPED(Kind.GOOD, Expected.PAGE),
  CHUNKED(Kind.GOOD, Expected.PAGE),
  /** HTTP/1.0: the end of the connection is the end of the body. */
  UNTIL_CLOSE(Kind.GOOD, Expected.PAGE),

  RESET_AT_ONCE(Kind.RESETS, Expected.BROKEN),
  RESET_IN_HEAD(Kind.RESETS, Expected.BROKEN),
  RESET_IN_BODY(Kind.RESETS, Expected.BROKEN),
  CLOSED_AT_ONCE(Kind.RESETS, Expected.failed("connection-closed")),
  /** A port that accepts and resets at once, so that robots.txt cannot be had either. */
  SLAMMED(
      Kind.RESETS,
      new Expected(
          Set.of("failed", "robots-denied"),
          Set.of(
              "robots-unreachable", "connect-refused", "connection-reset", "connection-closed"))),

  STALL_IN_HEAD(Kind.STALLS, Expected.failed("idle-timeout")),
  STALL_IN_BODY(Kind.STALLS, Expected.failed("idle-timeout")),
  STALL_IN_CHUNK(Kind.STALLS, Expected.failed("idle-timeout")),

  /** Never a byte. */
  SILENT(Kind.TIMEOUTS, Expected.failed("first-byte-timeout")),
  /** A byte now and then, for ever. */
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
  /** A good response, and another one that nobody asked for. */
  TRAILING_RESPONSE(Kind.MALFORMED, Expected.PAGE),
  TRUNCATED_GZIP(Kind.MALFORMED, Expected.PAGE),
  CORRUPT_GZIP(Kind.MALFORMED, Expected.PAGE),

  TO_PAGE(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_OTHER_HOST(Kind.REDIRECTS, Expected.REDIRECTED),
  /** Two URLs that point at each other. */
  LOOP(Kind.REDIRECTS, Expected.REDIRECTED),
  /** More redirects in a row than {@link HostilePlan#MAX_REDIRECTS}. */
  CHAIN(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_FORBIDDEN_ADDRESS(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_FORBIDDEN_PORT(Kind.REDIRECTS, Expected.REDIRECTED),
  TO_UNKNOWN_NAME(Kind.REDIRECTS, Expected.REDIRECTED),
  /** To a name about which the name server is silent. */
  TO_MUTE_NAME(Kind.REDIRECTS, Expected.REDIRECTED),
  /** Without a Location. */
  NOWHERE(Kind.REDIRECTS, Expected.PAGE),

  NOT_FOUND(Kind.ERRORS, Expected.PAGE),
  GONE(Kind.ERRORS, Expected.PAGE),
  /** 429, with Retry-After. */
  TOO_MANY(Kind.ERRORS, Expected.PAGE),
  SERVER_ERROR(Kind.ERRORS, Expected.PAGE),
  /** 503, with Retry-After. */
  UNAVAILABLE(Kind.ERRORS, Expected.PAGE);

  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // It copies its sets.
  private final Expected expected;

  Behaviour(Kind kind, Expected expected) {
    this.kind = kind;
    this.expected = expected;
  }

  public Kind kind() {
    return kind;
  }

  /** How a URL that is answered so must end. */
  public Expected expected() {
    return expected;
  }

  /**
   * The sorts of trouble; each is the answer of a tenth of the web's URLs, {@code GOOD} of three.
   */
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
   * What the crawl log may say of a URL. Immutable.
   *
   * @param outcomes any of these
   * @param reasons for one of these
   */
  public record Expected(Set<String> outcomes, Set<String> reasons) {
    static final Expected PAGE =
        new Expected(Set.of("page"), Set.of("ok", "too-many-requests", "server-error"));
    static final Expected REDIRECTED = new Expected(Set.of("redirected"), Set.of("redirect"));

    /** A reset overtakes what was sent before it, or does not. */
    static final Expected BROKEN =
        failed("connection-reset", "connection-closed", "body-incomplete");

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

    /** Whether a line of the crawl log agrees. */
    public boolean allows(String outcome, String reason) {
      return outcomes.contains(outcome) && reasons.contains(reason);
    }
  }
}
