package io.sluice.core.config;

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
 */
public record ScopeSettings(
    List<String> domains,
    List<Pattern> include,
    List<Pattern> exclude,
    int maxDepth,
    long maxPagesPerHost,
    int maxUrlLength) {

  public ScopeSettings {
    domains = List.copyOf(domains);
    include = List.copyOf(include);
    exclude = List.copyOf(exclude);
  }
}
