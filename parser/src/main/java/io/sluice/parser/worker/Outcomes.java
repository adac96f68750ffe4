package io.sluice.parser.worker;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import io.sluice.parser.extract.Link;
import io.sluice.parser.sink.ParsedPage;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a page's outcome: the result of its visit, the URL that replaces the page if it asks for a
 * refresh, and the links to offer. Links are offered only from pages with a 2xx status: an error
 * page's navigation says nothing about the site. Confined to its worker's thread.
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
    String target = parsed.extract().refresh();
    UrlEnd end =
        new UrlEnd(
            Ending.PAGE,
            target == null ? parsed.reason() : Reason.REFRESH,
            page.status(),
            page.ip(),
            page.fetchedAt(),
            page.fetchMillis(),
            page.body().size(),
            target == null ? null : new UrlEnd.Target(target, null));
    return new Outcome(
        page.lease(),
        page.url(),
        page.depth(),
        page.labels(),
        end,
        parsed.version(),
        target == null ? List.of() : chain(page),
        links(parsed));
  }

  /**
   * The URLs that lead to a page's refresh: those that redirected to the page, and the page's own.
   */
  private static List<String> chain(Page page) {
    List<String> chain = new ArrayList<>(page.redirects());
    chain.add(page.url());
    return chain;
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
