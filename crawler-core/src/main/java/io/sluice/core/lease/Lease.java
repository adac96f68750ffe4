package io.sluice.core.lease;

import io.sluice.core.url.Url;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right to visit one URL once. Immutable.
 *
 * @param id the lease's name
 * @param url what to fetch
 * @param depth number of links followed from a seed, 0 for a seed; a redirect keeps its source's
 *     depth
 * @param via the URL of the page or redirect that led here; null for a seed
 * @param redirects the URLs that redirected here, first to last; empty unless a redirect led here
 * @param labels its priority and tag, which the links found there inherit
 * @param attempt the number of this lease on this URL since it was queued, from 1
 * @param validators what identifies the version found by the last visit to the page, so that only a
 *     different version is transferred
 * @param terms what the visit may expect of its host
 */
public record Lease(
    LeaseId id,
    Url url,
    int depth,
    @Nullable String via,
    List<String> redirects,
    Labels labels,
    int attempt,
    Validators validators,
    Terms terms) {

  public Lease {
    redirects = List.copyOf(redirects);
  }

  /**
   * What a visit may expect of its host.
   *
   * @param probe whether the visit is to find out if the host has recovered, so that it must not
   *     reuse a remembered failure of the host
   * @param kind the state of the host, as far as visits differ by it
   * @param firstByte how long a request of the visit may take to the first byte of its response,
   *     lookup and connection included, and for each 4 KiB after that, if this is shorter than the
   *     timeouts of the parts; null if only those apply
   */
  public record Terms(boolean probe, VisitKind kind, @Nullable Duration firstByte) {

    /** The terms of a visit to a proven host. */
    public static final Terms PROVEN = new Terms(false, VisitKind.PROVEN, null);
  }

  /** A lease for a first visit, which requests the page whatever its version, at a proven host. */
  public Lease(
      LeaseId id,
      Url url,
      int depth,
      @Nullable String via,
      List<String> redirects,
      Labels labels,
      int attempt) {
    this(id, url, depth, via, redirects, labels, attempt, Validators.NONE, Terms.PROVEN);
  }
}
