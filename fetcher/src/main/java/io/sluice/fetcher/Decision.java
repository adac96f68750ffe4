package io.sluice.fetcher;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Settlement;
import io.sluice.fetcher.http.Response;

/** What becomes of a lease after its visit. */
sealed interface Decision {
  /** The page is handed to the parsers, and the lease stays out until its outcome is read. */
  record Publish(Response response) implements Decision {}

  /** The lease is settled without a parser. */
  record Settle(Settlement settlement) implements Decision {

    /** Whether the URL fails for good. */
    boolean fails() {
      return settlement instanceof Settlement.Done done && done.end().ending() == Ending.FAILED;
    }
  }
}
