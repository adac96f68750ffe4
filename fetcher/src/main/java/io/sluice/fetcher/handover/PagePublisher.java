package io.sluice.fetcher.handover;

import io.sluice.core.message.Page;
import java.util.concurrent.CompletionStage;

/** Publishes fetched pages to the parsers. */
public interface PagePublisher {

  /**
   * Hands a page over; pages are published in the order of the calls. Thread-safe; returns at once.
   * The frontier's credit bounds the number of pages in flight.
   *
   * @return a stage that never fails; completes on one of the publisher's threads
   */
  CompletionStage<Handed> publish(Page page);

  /** What became of a page. */
  sealed interface Handed {
    /**
     * Redis has the page.
     *
     * @param bytes number of bytes that the page occupies there
     */
    record Accepted(long bytes) implements Handed {}

    /** Redis certainly does not have the page: the lease may be given back. */
    record NotSent() implements Handed {}

    /**
     * It is not known whether Redis has the page. The lease counts as outstanding until its outcome
     * is read, or it becomes overdue and its page, if any, is revoked, or the next start locates
     * the page.
     *
     * @param bytes bytes that the page occupies in Redis if it is there
     */
    record InDoubt(long bytes) implements Handed {}
  }
}
