package io.sluice.core.lease;

import io.sluice.core.url.Url;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right to visit one URL once. Immutable.
 *
 * @param id the lease's name
 * @param url what to fetch
 * @param depth links followed from a seed, 0 for a seed; a redirect keeps its source's depth
 * @param via the URL of the page or redirect that led here; null for a seed
 * @param redirects the URLs that redirected here, first to last; empty unless a redirect led here
 * @param labels its priority and tag; what is found there inherits them
 * @param attempt the how-manieth lease on this URL this is since it was queued, from 1
 * @param validators of the page's last visit: who visits it again asks only for another version
 */
public record Lease(
    LeaseId id,
    Url url,
    int depth,
    @Nullable String via,
    List<String> redirects,
    Labels labels,
    int attempt,
    Validators validators) {

  public Lease {
    redirects = List.copyOf(redirects);
  }

  /** The right to a first visit, which asks for the page whatever its version. */
  public Lease(
      LeaseId id,
      Url url,
      int depth,
      @Nullable String via,
      List<String> redirects,
      Labels labels,
      int attempt) {
    this(id, url, depth, via, redirects, labels, attempt, Validators.NONE);
  }
}
