package io.sluice.core.message;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.UrlEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a parser made of a page: the page's URL is done, and these links stood on it. Immutable.
 *
 * @param lease the page's lease
 * @param url the page's URL
 * @param depth the page's depth; its links are one deeper
 * @param labels the page's priority and tag; its links inherit them
 * @param end what the crawl log records
 * @param version by what a later visit tells whether the page changed; null where pages are not
 *     visited again, or nobody can tell
 * @param links absolute, normalized URLs that may be followed, each once, in document order
 */
public record Outcome(
    LeaseId lease,
    String url,
    int depth,
    Labels labels,
    UrlEnd end,
    @Nullable PageVersion version,
    List<String> links) {

  public Outcome {
    links = List.copyOf(links);
  }

  /** An outcome without a version. */
  public Outcome(
      LeaseId lease, String url, int depth, Labels labels, UrlEnd end, List<String> links) {
    this(lease, url, depth, labels, end, null, links);
  }
}
