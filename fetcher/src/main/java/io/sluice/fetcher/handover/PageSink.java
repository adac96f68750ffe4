package io.sluice.fetcher.handover;

import io.sluice.core.message.Page;
import java.util.concurrent.CompletionStage;

/** Where fetched pages go. */
public interface PageSink {

  /**
   * Hands a page over, in the order of the calls. Thread-safe; returns at once. What is under way
   * is bounded by the frontier's credit.
   *
   * @return never fails; completes on a thread of the sink's
   */
  CompletionStage<Handed> publish(Page page);

  /** What became of a page. */
  sealed interface Handed {
    /**
     * Redis has it.
     *
     * @param bytes what it occupies there
     */
    record Accepted(long bytes) implements Handed {}

    /** Redis certainly does not have it: the lease may be given back. */
    record NotSent() implements Handed {}

    /**
     * Unknown. The lease counts as outstanding: if its outcome does not come it becomes overdue,
     * and its page, if there is one, is revoked; or the next start finds where the page is.
     *
     * @param bytes what the page occupies in Redis if it is there
     */
    record InDoubt(long bytes) implements Handed {}
  }
}
