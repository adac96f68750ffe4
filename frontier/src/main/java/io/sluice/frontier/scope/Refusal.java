package io.sluice.frontier.scope;

import java.util.Locale;

/** Why a URL does not belong to the crawl. */
public enum Refusal {
  /** Its host is in none of {@code scope.domains}. */
  OUT_OF_DOMAIN,
  /** It matches none of {@code scope.include}. */
  NOT_INCLUDED,
  /** It matches one of {@code scope.exclude}. */
  EXCLUDED,
  /** It is a link, or what a link redirected to, and {@code crawl.follow-links} is false. */
  LINKS_NOT_FOLLOWED,
  /** More than {@code scope.max-depth} links from a seed. */
  TOO_DEEP,
  /** More than {@code scope.max-url-length} characters. */
  TOO_LONG,
  /** More than {@code scope.max-path-segments} segments in its path. */
  TOO_MANY_SEGMENTS,
  /**
   * A segment, or a group of them, more than {@code scope.max-repeated-segments} times in a row.
   */
  REPEATED_SEGMENTS,
  /** More than {@code scope.max-query-parameters} parameters in its query. */
  TOO_MANY_PARAMETERS,
  /** It carries a user name or password. */
  CREDENTIALS,
  /** {@code scope.max-pages-per-host} pages of its host were fetched. */
  HOST_BUDGET,
  /** {@code scope.max-pages-per-prefix} URLs of its host and path prefix were accepted. */
  PREFIX_BUDGET;

  private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The refusal as logs and metrics spell it: {@code out-of-domain}. */
  public String word() {
    return word;
  }
}
