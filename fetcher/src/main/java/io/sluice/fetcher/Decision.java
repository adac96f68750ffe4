package io.sluice.fetcher;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Settlement;
import io.sluice.fetcher.http.Response;

/** What becomes of a lease after its visit. */
sealed interface Decision {
  /** Its page goes to the parsers, and the lease stays out until they answer. */
  record Publish(Response response) implements Decision {}

  /** It ends here. */
  record Settle(Settlement settlement) implements Decision {

    /** Whether the URL fails for good. */
    boolean fails() {
      return settlement instanceof Settlement.Done done && done.end().ending() == Ending.FAILED;
    }
  }
}
