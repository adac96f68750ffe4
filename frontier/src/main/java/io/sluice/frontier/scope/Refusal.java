package io.sluice.frontier.scope;

import io.sluice.core.lease.Reason;

/** Why a URL does not belong to the crawl. */
public enum Refusal {
  /** The URL's host is in none of {@code scope.domains}. */
  OUT_OF_DOMAIN,
  /** The URL matches none of {@code scope.include}. */
  NOT_INCLUDED,
  /** The URL matches one of {@code scope.exclude}. */
  EXCLUDED,
  /**
   * The URL is a link, or the target of a link's redirect, and {@code crawl.follow-links} is false.
   */
  LINKS_NOT_FOLLOWED,
  /** The URL is more than {@code scope.max-depth} links from a seed. */
  TOO_DEEP,
  /** The URL has more than {@code scope.max-url-length} characters. */
  TOO_LONG,
  /** The URL's path has more than {@code scope.max-path-segments} segments. */
  TOO_MANY_SEGMENTS,
  /**
   * A segment, or a group of segments, occurs more than {@code scope.max-repeated-segments} times
   * in a row.
   */
  REPEATED_SEGMENTS,
  /** The URL's query has more than {@code scope.max-query-parameters} parameters. */
  TOO_MANY_PARAMETERS,
  /** The URL contains a user name or password. */
  CREDENTIALS,
  /** The URL's port is not in {@code fetcher.addresses.ports}. */
  PORT_FORBIDDEN,
  /**
   * The URL's host is a special address that only a seed allows, and a page or redirect of another
   * host named the URL.
   */
  ADDRESS_FORBIDDEN,
  /** {@code scope.max-pages-per-host} pages of the URL's host were fetched. */
  HOST_BUDGET,
  /** {@code scope.max-pages-per-prefix} URLs with the same host and path prefix were accepted. */
  PREFIX_BUDGET;

  private final Reason reason = Reason.valueOf(name());

  /**
   * Whether a link refused for this reason is set aside, because the refusal depends only on the
   * URL and on settings that change often. Other refusals would affect too many links, or depend on
   * how a link was found.
   */
  public boolean keepsPlace() {
    return this == NOT_INCLUDED || this == EXCLUDED;
  }

  /** The refusal as a reason, of the same name. */
  public Reason reason() {
    return reason;
  }

  /** The refusal as logs and metrics spell it: {@code out-of-domain}. */
  public String word() {
    return reason.word();
  }
}
