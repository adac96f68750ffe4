package io.sluice.core.redis;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.Page;
import java.time.Instant;
import java.util.List;

/** The outcomes of pages that are given up. Thread-safe: stateless. */
final class Graves {

  private Graves() {}

  /** A page that killed its workers. */
  static Outcome poison(Page page) {
    UrlEnd end =
        new UrlEnd(
            Ending.FAILED,
            "poison-page",
            page.status(),
            page.ip(),
            page.fetchedAt(),
            page.fetchMillis(),
            page.body().size());
    return new Outcome(page.lease(), page.url(), page.depth(), page.labels(), end, List.of());
  }

  /** A page that cannot be read: only its lease is known. */
  static Outcome malformed(LeaseId lease) {
    UrlEnd end = new UrlEnd(Ending.FAILED, "malformed-page", 0, null, Instant.now(), 0, 0);
    return new Outcome(lease, "about:malformed", 0, Labels.NONE, end, List.of());
  }
}
