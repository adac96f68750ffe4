package io.sluice.fetcher;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Visit;
import io.sluice.fetcher.archive.VisitArchive;
import io.sluice.fetcher.gate.Pass;
import io.sluice.fetcher.http.BodyMemory;
import io.sluice.fetcher.http.HttpReply;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A lease in the fetcher's hands, and what its visit learns about the host.
 *
 * <p>Confined to its host's lane.
 */
final class ActiveVisit {
  private final Lease lease;
  private final long startedNanos;
  private final long deadlineNanos;
  private final Pass pass;
  private final VisitArchive archive;
  private @Nullable Duration crawlDelay;
  private @Nullable Duration waits;
  private boolean touchedHost;
  private boolean answered;
  private @Nullable Duration retryAfter;
  private long responseNanos;

  /**
   * Memory of the response's body. Written before the page is handed over and read afterwards;
   * completing the stage in between orders the two.
   */
  private @Nullable BodyMemory held;

  /** The reply to the page's request; null until there is one. Ordered as {@link #held} is. */
  private @Nullable HttpReply reply;

  ActiveVisit(Lease lease, Pass pass, VisitArchive archive, long startedNanos, long totalNanos) {
    this.lease = lease;
    this.pass = pass;
    this.archive = archive;
    this.startedNanos = startedNanos;
    this.deadlineNanos = startedNanos + totalNanos;
  }

  Lease lease() {
    return lease;
  }

  Pass pass() {
    return pass;
  }

  VisitArchive archive() {
    return archive;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** When {@code fetcher.timeouts.total} ends, by {@link io.sluice.fetcher.loop.Lane#nanoTime}. */
  long deadlineNanos() {
    return deadlineNanos;
  }

  void crawlDelay(@Nullable Duration stated) {
    crawlDelay = stated;
    pass.crawlDelay(stated);
  }

  void touchedHost(boolean touched) {
    touchedHost |= touched;
  }

  boolean touchedHost() {
    return touchedHost;
  }

  /** Records that the host answered a request for its robots.txt. */
  void answered() {
    answered = true;
  }

  /** Records the pause that the host requested (Retry-After); null if it requested none. */
  void retryAfter(@Nullable Duration asked) {
    retryAfter = asked;
  }

  /**
   * Records how long no request may be sent to another host that the visit needs; null if unknown.
   */
  void waits(@Nullable Duration wait) {
    waits = wait;
  }

  /** Records the reply to the page's request. Takes ownership of the response's body. */
  void replied(HttpReply came) {
    reply = came;
    held =
        switch (came) {
          case HttpReply.Answered answered -> answered.memory();
          case HttpReply.Failed(_, _, _, HttpReply.Part part) when part != null -> part.memory();
          case HttpReply.Failed _,
              HttpReply.Refused _,
              HttpReply.Busy _,
              HttpReply.HeldUp _,
              HttpReply.Cancelled _ ->
              null;
        };
  }

  /**
   * If exchanges are archived, archives that of a visit that yields no page.
   *
   * @return a stage that completes with whether Redis has everything that the visit archives, once
   *     Redis has answered for all of it
   */
  CompletionStage<Boolean> archived(VisitResult result) {
    HttpReply came = reply;
    if (came != null && result instanceof VisitResult.NotModified) {
      archive.unchanged(lease.url(), came);
    } else if (came != null) {
      archive.ended(lease.url(), came);
    }
    return archive.kept();
  }

  /** Releases the body's memory: the page was handed over or is not needed. Thread-safe. */
  void letGo() {
    BodyMemory memory = held;
    if (memory != null) {
      memory.release();
    }
  }

  /**
   * Records that the page's response has ended.
   *
   * @param nanos time since its request was sent
   */
  void responseNanos(long nanos) {
    responseNanos = nanos;
  }

  /** Returns the visit in the form that is reported to the frontier. */
  Visit asVisit(VisitResult result) {
    return new Visit(
        crawlDelay,
        retryAfter,
        touchedHost,
        Duration.ofNanos(responseNanos),
        FetchPolicy.finding(result, answered),
        FetchPolicy.trouble(result),
        waits);
  }
}
