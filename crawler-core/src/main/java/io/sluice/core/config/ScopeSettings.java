package io.sluice.core.config;

import io.sluice.core.url.ParameterPattern;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which URLs belong to the crawl. Immutable.
 *
 * @param domains hosts and the hosts below them; empty means the registered domains of the seeds,
 *     {@code *} means every host
 * @param followSeedRedirects whether the registered domain that a seed redirects to belongs to the
 *     crawl if {@code domains} is empty
 * @param include a URL must match one of these (found anywhere in it); empty means all
 * @param exclude a URL that matches one of these is refused
 * @param maxDepth maximum number of links from a seed
 * @param maxPagesPerHost maximum number of pages to fetch from one host; 0 for no limit
 * @param maxUrlLength maximum length of a URL in characters
 * @param traps bounds on a URL's shape
 * @param prefixBudget how many URLs of one path prefix are accepted
 * @param stripParameters parameters that are stripped from URLs before anything else
 */
public record ScopeSettings(
    List<String> domains,
    boolean followSeedRedirects,
    List<Pattern> include,
    List<Pattern> exclude,
    int maxDepth,
    long maxPagesPerHost,
    int maxUrlLength,
    Traps traps,
    PrefixBudget prefixBudget,
    List<ParameterPattern> stripParameters) {

  public ScopeSettings {
    domains = List.copyOf(domains);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
    stripParameters = List.copyOf(stripParameters);
  }

  /**
   * Bounds on a URL's shape, as protection against crawler traps.
   *
   * @param maxPathSegments maximum number of segments of a path
   * @param maxRepeatedSegments how often in a row a segment, or a group of segments, may occur in a
   *     path
   * @param maxQueryParameters maximum number of parameters of a query
   */
  public record Traps(int maxPathSegments, int maxRepeatedSegments, int maxQueryParameters) {}

  /**
   * How many URLs of a host with the same path prefix are accepted.
   *
   * @param maxUrls maximum number of URLs of one host and path prefix; 0 for no limit
   * @param segments how many of a path's first segments make up the prefix
   */
  public record PrefixBudget(long maxUrls, int segments) {}
}
