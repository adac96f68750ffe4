package io.sluice.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to crawl and where to keep it. Immutable.
 *
 * @param name the crawl's name: lower-case letters, digits, hyphens
 * @param dir the crawl directory, made when missing
 * @param seeds the first URLs and what is said of them, in the order of the file
 * @param seedsFile a file of further seeds, a line each as {@link SeedsFile} has it, {@code #}
 *     begins a comment; null for none
 * @param followLinks whether links are followed; if not, the seeds and their redirects are all
 * @param userAgent what the crawler calls itself; names a way to reach its operator
 * @param maxPages pages to fetch in this crawl directory; 0 for no limit
 * @param maxTime how long one run may last; null for no limit
 */
public record CrawlSettings(
    String name,
    Path dir,
    List<Seed> seeds,
    @Nullable Path seedsFile,
    boolean followLinks,
    String userAgent,
    long maxPages,
    @Nullable Duration maxTime) {

  public CrawlSettings {
    seeds = List.copyOf(seeds);
  }
}
