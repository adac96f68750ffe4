package io.sluice.core.lease;

import io.sluice.core.text.EnumWord;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a URL ended, waits or was refused, or a host is left alone, and what that shows about the
 * host. The words are stable: the crawl log, metrics and docs/outcomes.md use them. This program
 * writes only these; what it reads from disk or from another program's worker may be any word, and
 * stays text. Immutable.
 */
public enum Reason {
  /** There was a response. */
  OK,
  /** The page's refresh leads to another URL, which was offered in its place. */
  REFRESH,
  /** The parser threw an exception on the page, which therefore has no text and no links. */
  PARSE_FAILED,

  /** The page has not changed since its last visit. */
  NOT_MODIFIED,

  /** A redirect that was followed. */
  REDIRECT,
  /** More redirects in a row than {@code fetcher.max-redirects}. */
  TOO_MANY_REDIRECTS(false, Finding.NOTHING),
  /** A redirect to a URL that its chain has already requested, with the same cookies or none. */
  REDIRECT_LOOP(false, Finding.NOTHING),

  /** The port is not among {@code fetcher.addresses.ports}. */
  PORT_FORBIDDEN(false, Finding.NOTHING),
  /** The URL carries a user name or a password. */
  CREDENTIALS_FORBIDDEN(false, Finding.NOTHING),
  /** Each of the host's addresses is in a special range that the configuration does not allow. */
  ADDRESS_FORBIDDEN(false, Finding.NOTHING),

  /** A rule of robots.txt forbids the path. */
  ROBOTS_DISALLOW(false, Finding.NOTHING),
  /** The host's crawl-delay exceeds {@code politeness.max-crawl-delay}. */
  CRAWL_DELAY_TOO_LONG(false, Finding.NOTHING),
  /** robots.txt could not be read; until it can, everything counts as forbidden. */
  ROBOTS_UNREACHABLE(true, Finding.ROBOTS_TROUBLE),

  /** The name does not exist or has no address. */
  DNS_NOT_FOUND(false, Finding.NO_NAME),
  /** A name server answered with an error, or no query could be sent. */
  DNS_FAILED(true, Finding.DNS_TROUBLE),
  /** No answer within {@code fetcher.timeouts.dns}. */
  DNS_TIMEOUT(true, Finding.DNS_TROUBLE),
  /** No name server answers anything. */
  DNS_UNREACHABLE(true, Finding.DNS_SILENCE),

  /** The host refused the connection. */
  CONNECT_REFUSED(true, Finding.CONNECTION_REFUSED),
  /** No connection within {@code fetcher.timeouts.connect}. */
  CONNECT_TIMEOUT(true, Finding.NO_CONNECTION),
  /** No route, no descriptor, or another failure to connect. */
  CONNECT_FAILED(true, Finding.NO_CONNECTION),
  /** The network has no way to any of the host's addresses. */
  NETWORK_UNREACHABLE(true, Finding.NO_ROUTE),
  /** The certificate is not valid for the host. */
  TLS_CERTIFICATE(false, Finding.NOTHING),
  /** The TLS handshake failed for another reason. */
  TLS_FAILED(true, Finding.TLS_TROUBLE),
  /** No TLS handshake within {@code fetcher.timeouts.tls}. */
  TLS_TIMEOUT(true, Finding.TLS_TROUBLE),

  /**
   * Nothing was received within {@code fetcher.timeouts.first-byte}, or, at a host that never gave
   * a good answer, {@code fetcher.timeouts.first-visit}.
   */
  FIRST_BYTE_TIMEOUT(true, Finding.NO_ANSWER),
  /** Two reads were further apart than {@code fetcher.timeouts.idle}. */
  IDLE_TIMEOUT(true, Finding.NO_ANSWER),
  /**
   * The visit took longer than {@code fetcher.timeouts.total}, or, at a host that never gave a good
   * answer, 4 KiB of the response longer than {@code fetcher.timeouts.first-visit}.
   */
  TOTAL_TIMEOUT(true, Finding.NO_ANSWER),
  /** A kept connection ended before it answered a request: the server may not have read it. */
  STALE_CONNECTION(true, Finding.NOTHING),
  CONNECTION_RESET(true, Finding.NO_ANSWER),
  /** The connection ended before a whole response head. */
  CONNECTION_CLOSED(true, Finding.NO_ANSWER),
  /** The connection ended within the body. */
  BODY_INCOMPLETE(true, Finding.NOTHING),

  /**
   * Not an HTTP/1 response, or a malformed one, such as one with two different lengths or a broken
   * chunk.
   */
  BAD_RESPONSE(false, Finding.NOTHING),
  /**
   * The body's length is in doubt: a transfer coding other than chunked, or one beside a
   * Content-Length.
   */
  BAD_FRAMING(false, Finding.NOTHING),
  /** The response heads, interim ones included, exceed {@code fetcher.max-header}. */
  HEADERS_TOO_LARGE(false, Finding.NOTHING),

  /** Status 429. */
  TOO_MANY_REQUESTS(true, Finding.ERROR_ANSWER),
  /** A 5xx status that may be temporary. */
  SERVER_ERROR(true, Finding.ERROR_ANSWER),

  /** A defect in Sluice; the log has the exception. */
  INTERNAL_ERROR(false, Finding.NOTHING),

  /** The fetcher died while it was fetching the URL. */
  FETCHER_DIED(true),
  /** The page killed every worker that processed it alone. */
  POISON_PAGE,
  /** A worker could not decode the page's entry. */
  MALFORMED_PAGE,
  /** The fetcher could not decode a worker's outcome. */
  MALFORMED_OUTCOME,
  /** {@code sluice purge} removed the host from the crawl. */
  PURGED,
  /** A repair of the frontier found a lease without its URL. */
  LOST,
  /** A queued URL that the current URL parser refuses. */
  INVALID_URL,

  /** The host is in none of {@code scope.domains}. */
  OUT_OF_DOMAIN,
  /** The URL matches none of {@code scope.include}. */
  NOT_INCLUDED,
  /** The URL matches one of {@code scope.exclude}. */
  EXCLUDED,
  /** {@code crawl.follow-links} is false. */
  LINKS_NOT_FOLLOWED,
  /** More links from a seed than {@code scope.max-depth}. */
  TOO_DEEP,
  /** More characters than {@code scope.max-url-length}. */
  TOO_LONG,
  /** More path segments than {@code scope.max-path-segments}. */
  TOO_MANY_SEGMENTS,
  /** A segment repeats more often than {@code scope.max-repeated-segments}. */
  REPEATED_SEGMENTS,
  /** More parameters than {@code scope.max-query-parameters}. */
  TOO_MANY_PARAMETERS,
  /** An offered URL carries a user name or a password. */
  CREDENTIALS,
  /** {@code scope.max-pages-per-host} is spent. */
  HOST_BUDGET,
  /** {@code scope.max-pages-per-prefix} is spent. */
  PREFIX_BUDGET,

  /** The host is left alone because its response asked for that (Retry-After). */
  RETRY_AFTER(true),
  /** The host is left alone because it is troubled or held. */
  BACK_OFF(true),
  /** The host is left alone because it answers slowly, or states a long crawl-delay. */
  SLOW(true);

  private static final Map<String, Reason> BY_WORD =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(Reason::word, it -> it));

  private final String word = EnumWord.of(this);
  private final boolean mayPass;
  private final Finding finding;
  private final boolean failsVisit;

  Reason() {
    this(false);
  }

  Reason(boolean mayPass) {
    this(mayPass, Finding.NOTHING, false);
  }

  Reason(boolean mayPass, Finding finding) {
    this(mayPass, finding, true);
  }

  Reason(boolean mayPass, Finding finding, boolean failsVisit) {
    this.mayPass = mayPass;
    this.finding = finding;
    this.failsVisit = failsVisit;
  }

  /** The reason with the given {@link #word}; null if it is not one of ours. */
  public static @Nullable Reason of(String word) {
    return BY_WORD.get(word);
  }

  /**
   * The reason why a later response may be better than one with the given status; null if the
   * status is final.
   */
  public static @Nullable Reason ofPassingStatus(int status) {
    return switch (status) {
      case 429 -> TOO_MANY_REQUESTS;
      case 501, 505 -> null;
      default -> status >= 500 ? SERVER_ERROR : null;
    };
  }

  /** The reason as logs, metrics and messages spell it: {@code dns-timeout}. */
  public String word() {
    return word;
  }

  /** Whether another attempt may end differently. */
  public boolean mayPass() {
    return mayPass;
  }

  /** Whether it ends a visit as failed or as forbidden by a rule, rather than in another way. */
  public boolean failsVisit() {
    return failsVisit;
  }

  /**
   * What the reason shows about the host; {@link Finding#NOTHING} if that depends on more than the
   * reason.
   */
  public Finding finding() {
    return finding;
  }

  /** Whether the page was not requested because a rule forbids it: no attempt failed. */
  public boolean forbids() {
    return bySettings() || this == CREDENTIALS_FORBIDDEN || this == ROBOTS_DISALLOW;
  }

  /** Whether the crawl's own settings refuse the URL; changed settings may allow it. */
  public boolean bySettings() {
    return this == PORT_FORBIDDEN || this == ADDRESS_FORBIDDEN || this == CRAWL_DELAY_TOO_LONG;
  }
}
