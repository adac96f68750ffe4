package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.message.Page;
import io.sluice.fetcher.http.Response;

/** Converts responses to pages. Stateless. */
final class Pages {
  private Pages() {}

  /** Returns the page for the response to a lease's request. */
  static Page of(Lease lease, Response response, VisitTimes times) {
    return new Page(
        lease.id(),
        lease.url().href(),
        lease.via(),
        lease.redirects(),
        lease.depth(),
        lease.labels(),
        lease.attempt(),
        response.protocol(),
        response.status(),
        response.statusText(),
        response.requestHead(),
        response.headers(),
        response.head(),
        response.ip(),
        response.begunAt(),
        times.endedAt(),
        times.millis(),
        response.truncated(),
        response.body());
  }
}
