package io.sluice.core.lease;

/**
 * What a visit showed about its host, as input to the host's state. What became of the URL is a
 * different question, which {@link UrlEnd} answers.
 */
public enum Finding {
  /**
   * Nothing was learned about the host: no request reached it, or the answer does not depend on the
   * host's state.
   */
  NOTHING(false, false),

  /** A whole response with a status below 500 other than 429. */
  GOOD(false, true),

  /** The name servers answered that the host's name does not exist or has no address. */
  NO_NAME(true, false),

  /** A name server answered with an error, such as SERVFAIL or REFUSED, or not at all. */
  DNS_TROUBLE(true, false),

  /** No name server answers any question. */
  DNS_SILENCE(true, false),

  /** The network has no route to the host. */
  NO_ROUTE(true, false),

  /** The host did not answer the attempt to connect. */
  NO_CONNECTION(true, false),

  /** The host refused the connection, so it exists but does not accept connections. */
  CONNECTION_REFUSED(true, true),

  /** The TLS handshake failed in a way that may be temporary. */
  TLS_TROUBLE(true, true),

  /** The host's robots.txt could not be read (RFC 9309, 2.3.1.4). */
  ROBOTS_TROUBLE(true, false),

  /**
   * The first visit to a host was cut off before the usual timeouts, which is too little evidence
   * to count as an attempt on its URL.
   */
  CUT_SHORT(true, false),

  /** A reset or a timeout after the request was sent: a problem of the URL or of the host. */
  NO_ANSWER(true, false),

  /** 429 or a 5xx status that may be temporary: a problem of the URL or of the host. */
  ERROR_ANSWER(true, true);

  private final boolean troubled;
  private final boolean reached;

  Finding(boolean troubled, boolean reached) {
    this.troubled = troubled;
    this.reached = reached;
  }

  /** Whether the visit showed a problem of any kind. */
  public boolean troubled() {
    return troubled;
  }

  /**
   * Whether other URLs of the host, those with another port, scheme or path, may be free of the
   * problem. Names and routes concern the whole host.
   */
  public boolean mayBeOfOneUrl() {
    return switch (this) {
      case NO_CONNECTION,
          CONNECTION_REFUSED,
          TLS_TROUBLE,
          ROBOTS_TROUBLE,
          NO_ANSWER,
          ERROR_ANSWER ->
          true;
      case NOTHING, GOOD, NO_NAME, DNS_TROUBLE, DNS_SILENCE, NO_ROUTE, CUT_SHORT -> false;
    };
  }

  /** Whether the crawl's own uplink may be to blame: nothing was received from the host. */
  public boolean unreached() {
    return switch (this) {
      case DNS_TROUBLE, DNS_SILENCE, NO_ROUTE, NO_CONNECTION, NO_ANSWER -> true;
      case NOTHING,
          GOOD,
          NO_NAME,
          CONNECTION_REFUSED,
          TLS_TROUBLE,
          ROBOTS_TROUBLE,
          CUT_SHORT,
          ERROR_ANSWER ->
          false;
    };
  }

  /** Whether it proves that the network led to the host, so that the crawl's own uplink works. */
  public boolean reached() {
    return reached;
  }
}
