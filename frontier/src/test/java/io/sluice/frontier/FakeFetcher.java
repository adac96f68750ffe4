package io.sluice.frontier;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Fetches and parses each lease at once: a page with the links of a made-up site. */
final class FakeFetcher implements LeaseTaker {

  private final Frontier frontier;
  private final Function<String, Collection<String>> site;
  final List<String> fetched = Collections.synchronizedList(new ArrayList<>());

  FakeFetcher(Frontier frontier, Function<String, Collection<String>> site) {
    this.frontier = frontier;
    this.site = site;
  }

  @Override
  public void take(Lease lease) {
    fetched.add(lease.url().href());
    frontier.visited(lease.id(), new Visit(null, null, true));
    frontier.outstanding(lease.id(), 1000);
    frontier.settle(lease.id(), new Settlement.Done(page(), links(lease)));
  }

  static UrlEnd page() {
    return new UrlEnd(
        Ending.PAGE, Reason.OK, 200, "192.0.2.1", Instant.parse("2026-11-21T10:00:00Z"), 12, 345);
  }

  private List<Offer> links(Lease lease) {
    String via = lease.url().href();
    return site.apply(via).stream()
        .map(link -> new Offer(TestConfig.url(link), lease.depth() + 1, via, List.of()))
        .toList();
  }
}
