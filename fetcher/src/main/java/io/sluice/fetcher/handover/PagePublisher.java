package io.sluice.fetcher.handover;

import io.sluice.core.message.Page;
import java.util.concurrent.CompletionStage;

/** Publishes fetched pages to the parsers. */
public interface PagePublisher {

  /**
   * Hands a page over; pages are published in the order of the calls. Thread-safe; returns at once.
   * The frontier's credit bounds the number of pages in flight.
   *
   * @return never fails; completes on a thread of the publisher's
   */
  CompletionStage<Handed> publish(Page page);

  /** What became of a page. */
  sealed interface Handed {
    /**
     * Redis has it.
     *
     * @param bytes bytes that it occupies there
     */
    record Accepted(long bytes) implements Handed {}

    /** Redis certainly does not have it: the lease may be given back. */
    record NotSent() implements Handed {}

    /**
     * It is not known whether Redis has it. The lease counts as outstanding: either its outcome
     * comes, or it becomes overdue and its page, if there is one, is revoked, or the next start
     * finds out.
     *
     * @param bytes bytes that the page occupies in Redis if it is there
     */
    record InDoubt(long bytes) implements Handed {}
  }
}
