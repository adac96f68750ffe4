package io.sluice.core.stream;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import java.time.Instant;
import java.util.List;

/** The outcomes of pages that are given up. Thread-safe: stateless. */
final class DeadOutcome {

  private DeadOutcome() {}

  /** The outcome of a page that killed its workers. */
  static Outcome poison(Page page) {
    UrlEnd end =
        new UrlEnd(
            Ending.FAILED,
            Reason.POISON_PAGE,
            page.status(),
            page.ip(),
            page.fetchedAt(),
            page.fetchMillis(),
            page.body().size());
    return new Outcome(page.lease(), page.url(), page.depth(), page.labels(), end, List.of());
  }

  /** The outcome of a page that cannot be read, so that only its lease is known. */
  static Outcome malformed(LeaseId lease) {
    UrlEnd end = new UrlEnd(Ending.FAILED, Reason.MALFORMED_PAGE, 0, null, Instant.now(), 0, 0);
    return new Outcome(lease, "about:malformed", 0, Labels.NONE, end, List.of());
  }
}
