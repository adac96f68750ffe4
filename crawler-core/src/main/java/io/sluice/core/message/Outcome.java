package io.sluice.core.message;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.UrlEnd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parser's result for a page: how the page's URL ended, and the links found there. Immutable.
 *
 * @param lease the page's lease
 * @param url the page's URL
 * @param depth the page's depth; its links are one deeper
 * @param labels the page's priority and tag; its links inherit them
 * @param end what the crawl log records
 * @param version the page's version, which shows a later visit whether the page has changed; null
 *     if pages are not visited again, or the version is unknown
 * @param chain the URLs that led to the end's target, first to last, ending with this page's own;
 *     empty if there is no target
 * @param links absolute, normalized URLs that may be followed, each once, in document order
 */
public record Outcome(
    LeaseId lease,
    String url,
    int depth,
    Labels labels,
    UrlEnd end,
    @Nullable PageVersion version,
    List<String> chain,
    List<String> links) {

  public Outcome {
    chain = List.copyOf(chain);
    links = List.copyOf(links);
  }

  /** An outcome without a version, for a page that neither redirects nor refreshes to another. */
  public Outcome(
      LeaseId lease, String url, int depth, Labels labels, UrlEnd end, List<String> links) {
    this(lease, url, depth, labels, end, null, List.of(), links);
  }
}
