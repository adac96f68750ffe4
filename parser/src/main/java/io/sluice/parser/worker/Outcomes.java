package io.sluice.parser.worker;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.parser.extract.Link;
import io.sluice.parser.sink.ParsedPage;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a page's outcome: its end, and the links that are to be offered. Links are offered from
 * pages with a 2xx status only: an error page's navigation says nothing of the site. Confined to
 * its worker's thread.
 */
final class Outcomes {

  private final OfferedLinks offered;
  private final ParserMetrics metrics;

  Outcomes(OfferedLinks offered, ParserMetrics metrics) {
    this.offered = offered;
    this.metrics = metrics;
  }

  Outcome of(ParsedPage parsed) {
    Page page = parsed.page();
    UrlEnd end =
        new UrlEnd(
            Ending.PAGE,
            parsed.reason(),
            page.status(),
            page.ip(),
            page.fetchedAt(),
            page.fetchMillis(),
            page.body().size());
    return new Outcome(
        page.lease(),
        page.url(),
        page.depth(),
        page.labels(),
        end,
        parsed.version(),
        links(parsed));
  }

  private List<String> links(ParsedPage parsed) {
    Page page = parsed.page();
    boolean offers = page.status() / 100 == 2;
    List<String> links = new ArrayList<>();
    int suppressed = 0;
    for (Link link : parsed.extract().links()) {
      metrics.link(link.kind());
      if (!offers || !link.followable()) {
        continue;
      }
      if (offered.offer(link.url(), page.depth() + 1)) {
        links.add(link.url());
      } else {
        suppressed++;
      }
    }
    metrics.suppressed(suppressed);
    return links;
  }
}
