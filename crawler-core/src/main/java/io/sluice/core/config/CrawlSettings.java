package io.sluice.core.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to crawl and where to keep it. Immutable.
 *
 * @param name the crawl's name: lower-case letters, digits, hyphens
 * @param dir the crawl directory, created if missing
 * @param seeds the first URLs with their labels, in the order of the file
 * @param seedsFile a file of further seeds, in the format of {@link SeedsFile}; null for none
 * @param followLinks whether links are followed; if not, only seeds and their redirects are fetched
 * @param userAgent the crawler's name; includes a way to reach its operator
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

  /** These settings with other seeds. */
  public CrawlSettings withSeeds(List<Seed> others) {
    return new CrawlSettings(
        name, dir, others, seedsFile, followLinks, userAgent, maxPages, maxTime);
  }
}
