package io.sluice.fetcher.reason;

import java.util.Locale;

/**
 * Why a visit ended as it did. The words are stable: crawl logs, metrics and docs/outcomes.md use
 * them. Immutable.
 */
public enum Reason {
  /** There was a response. */
  OK(false),

  /** The page has not changed since its last visit. */
  NOT_MODIFIED(false),

  /** A redirect that was followed. */
  REDIRECT(false),
  /** More redirects in a row than {@code fetcher.max-redirects}. */
  TOO_MANY_REDIRECTS(false),

  /** The port is not among {@code fetcher.addresses.ports}. */
  PORT_FORBIDDEN(false),
  /** The URL carries a user name or a password. */
  CREDENTIALS_FORBIDDEN(false),
  /** Each of the host's addresses is in a special range that the configuration does not allow. */
  ADDRESS_FORBIDDEN(false),

  /** A rule of robots.txt forbids the path. */
  ROBOTS_DISALLOW(false),
  /** The host's crawl-delay exceeds {@code politeness.max-crawl-delay}. */
  CRAWL_DELAY_TOO_LONG(false),
  /** robots.txt could not be read; until it can, everything counts as forbidden. */
  ROBOTS_UNREACHABLE(true),

  /** The name does not exist or has no address. */
  DNS_NOT_FOUND(false),
  /** The name server answered with an error, or not at all over the network. */
  DNS_FAILED(true),
  /** No answer within {@code fetcher.timeouts.dns}. */
  DNS_TIMEOUT(true),

  /** The host refused the connection. */
  CONNECT_REFUSED(true),
  /** No connection within {@code fetcher.timeouts.connect}. */
  CONNECT_TIMEOUT(true),
  /** No route, no descriptor, or another failure of connecting. */
  CONNECT_FAILED(true),
  /** The certificate is not valid for the host. */
  TLS_CERTIFICATE(false),
  /** The handshake failed otherwise. */
  TLS_FAILED(true),
  /** No handshake within {@code fetcher.timeouts.tls}. */
  TLS_TIMEOUT(true),

  /** Nothing was received within {@code fetcher.timeouts.first-byte}. */
  FIRST_BYTE_TIMEOUT(true),
  /** Two reads were further apart than {@code fetcher.timeouts.idle}. */
  IDLE_TIMEOUT(true),
  /** The visit took longer than {@code fetcher.timeouts.total}. */
  TOTAL_TIMEOUT(true),
  /** The connection was reset. */
  CONNECTION_RESET(true),
  /** The connection ended before a whole response head. */
  CONNECTION_CLOSED(true),
  /** The connection ended within the body. */
  BODY_INCOMPLETE(true),

  /** Not an HTTP/1 response, or one with a status outside of 200 to 599. */
  BAD_RESPONSE(false),
  /** The body's length is in doubt: contradicting lengths, or an unknown transfer coding. */
  BAD_FRAMING(false),
  /** The response heads, interim ones included, exceed {@code fetcher.max-header}. */
  HEADERS_TOO_LARGE(false),

  /** 429. */
  TOO_MANY_REQUESTS(true),
  /** A 5xx status that may pass. */
  SERVER_ERROR(true),

  /** A defect of Sluice; the log has the exception. */
  INTERNAL_ERROR(false);

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');
  private final boolean mayPass;

  Reason(boolean mayPass) {
    this.mayPass = mayPass;
  }

  /** The reason as logs, metrics and messages spell it: {@code dns-timeout}. */
  public String word() {
    return word;
  }

  /** Whether another attempt may end differently. */
  public boolean mayPass() {
    return mayPass;
  }
}
