package io.sluice.core.config;

import io.sluice.core.url.ParameterPattern;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which URLs belong to the crawl. Immutable.
 *
 * @param domains hosts and the hosts below them; empty means the registered domains of the seeds,
 *     {@code *} means every host
 * @param include a URL must match one of these (found anywhere in it); empty means all
 * @param exclude a URL that matches one of these is refused
 * @param maxDepth links from a seed at most
 * @param maxPagesPerHost pages to fetch from one host at most; 0 for no limit
 * @param maxUrlLength characters of a URL at most
 * @param traps bounds on a URL's shape
 * @param prefixBudget how many URLs of one path prefix are accepted
 * @param stripParameters parameters that are taken out of URLs before anything else is asked
 */
public record ScopeSettings(
    List<String> domains,
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
   * Bounds on a URL's shape, against sites that make URLs without end.
   *
   * @param maxPathSegments segments of a path at most
   * @param maxRepeatedSegments how often in a row a segment, or a group of segments, may stand in a
   *     path
   * @param maxQueryParameters parameters of a query at most
   */
  public record Traps(int maxPathSegments, int maxRepeatedSegments, int maxQueryParameters) {}

  /**
   * How many URLs of a host are accepted whose paths begin alike.
   *
   * @param maxUrls URLs of one host and path prefix at most; 0 for no limit
   * @param segments how many of a path's first segments make up the prefix
   */
  public record PrefixBudget(long maxUrls, int segments) {}
}
