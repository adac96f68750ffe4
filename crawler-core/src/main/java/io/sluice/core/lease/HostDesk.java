package io.sluice.core.lease;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Decides whether a visit may send a request to a host other than its lease's, such as one that a
 * robots.txt redirects to: the fetcher's view of the frontier. That host has a clock of its own,
 * and perhaps leases of its own in another shard. Thread-safe: each call is a message to the host's
 * shard and returns at once.
 */
public interface HostDesk {

  /** No host is limited. */
  HostDesk UNLIMITED =
      new HostDesk() {
        @Override
        public CompletionStage<Answer> ask(LeaseId lease, String host) {
          return CompletableFuture.completedFuture(new Answer.Granted());
        }

        @Override
        public void asked(LeaseId lease, String host, Visit visit) {}
      };

  /**
   * Requests permission to send one request to another host now. If it is granted, the host is
   * reserved until {@link #asked} is called.
   *
   * @param host as {@link io.sluice.core.url.Url#host}
   * @return a stage that completes on the thread of the host's shard; it fails only if the frontier
   *     is closed or its storage failed
   */
  CompletionStage<Answer> ask(LeaseId lease, String host);

  /**
   * Ends the reservation that {@link #ask} granted: the host's delay begins now. Called once for
   * each grant.
   */
  void asked(LeaseId lease, String host, Visit visit);

  /** The answer of the host's shard. */
  sealed interface Answer {

    /** One request may be sent to the host, now. */
    record Granted() implements Answer {}

    /**
     * No request may be sent to the host now.
     *
     * @param after how long to wait before asking again; even then, other visits may come first
     */
    record Later(Duration after) implements Answer {}

    /**
     * The host is held, was given up, or asked to be left alone: no request to it will be allowed
     * for a long time.
     */
    record Unwell() implements Answer {}
  }
}
