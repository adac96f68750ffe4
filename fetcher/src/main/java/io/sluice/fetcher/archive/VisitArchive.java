package io.sluice.fetcher.archive;

import io.sluice.core.lease.Reason;
import io.sluice.core.message.Body;
import io.sluice.core.message.Capture;
import io.sluice.core.message.Truncation;
import io.sluice.core.url.Url;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import io.sluice.fetcher.handover.RecordSink;
import io.sluice.fetcher.http.BodyMemory;
import io.sluice.fetcher.http.HttpReply;
import io.sluice.fetcher.http.Response;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands over those exchanges of one visit that are archived but not parsed. If archiving is off,
 * only their memory is released.
 *
 * <p>Thread-safe: one monitor, held only while stages are joined.
 */
public final class VisitArchive {

  /**
   * Maximum number of body bytes that are kept: these exchanges are archived mostly for their
   * heads.
   */
  static final int MAX_BODY_BYTES = 1 << 20;

  private static final CompletionStage<Boolean> KEPT = CompletableFuture.completedFuture(true);

  private final RecordSink sink;
  private CompletionStage<Boolean> kept = KEPT;

  /** Creates the archive of one visit; the sink is borrowed. */
  public VisitArchive(RecordSink sink) {
    this.sink = sink;
  }

  /**
   * Records the end of an exchange that does not become a page. If there is a response, complete or
   * not, it is archived. Takes ownership of the reply's memory and releases it once the body is
   * encoded, or if this method throws.
   */
  public void ended(Url url, HttpReply reply) {
    keep(url, reply, false);
  }

  /** Like {@link #ended}, for a 304 response: the page has not changed since an earlier visit. */
  public void unchanged(Url url, HttpReply reply) {
    keep(url, reply, true);
  }

  /**
   * Returns a stage that completes with whether Redis has every exchange that ended so far, once
   * Redis has answered for all of them. The stage never fails, and completes on one of the sink's
   * threads, or at once.
   */
  public synchronized CompletionStage<Boolean> kept() {
    return kept;
  }

  private void keep(Url url, HttpReply reply, boolean unchanged) {
    switch (reply) {
      case HttpReply.Answered(Response response, BodyMemory memory) ->
          keep(url, response, response.truncated() ? Truncation.LENGTH : null, unchanged, memory);
      case HttpReply.Failed(Reason reason, _, _, HttpReply.Part part) when part != null ->
          keep(url, part.response(), truncation(reason), unchanged, part.memory());
      case HttpReply.Failed _,
          HttpReply.Refused _,
          HttpReply.Busy _,
          HttpReply.HeldUp _,
          HttpReply.Cancelled _ -> {
        // No response was received, or we cut it ourselves. A response that we cut shows nothing
        // about the server, and its request is repeated.
      }
    }
  }

  private void keep(
      Url url,
      Response response,
      @Nullable Truncation truncation,
      boolean unchanged,
      BodyMemory memory) {
    if (!sink.takes()) {
      memory.release();
      return;
    }
    try {
      CompletionStage<Boolean> taken =
          sink.publish(capture(url, response, truncation, unchanged))
              .thenApply(handed -> handed instanceof Handed.Accepted);
      join(taken.whenComplete((accepted, failure) -> memory.release()));
    } catch (RuntimeException | Error e) { // encoding a copy of the body may exhaust the heap
      memory.release();
      throw e;
    }
  }

  private static Capture capture(
      Url url, Response response, @Nullable Truncation truncation, boolean unchanged) {
    boolean longer = response.body().size() > MAX_BODY_BYTES;
    return new Capture(
        url.href(),
        response.requestHead(),
        response.head(),
        response.ip(),
        response.begunAt(),
        unchanged,
        longer ? Truncation.LENGTH : truncation,
        longer ? Body.of(Arrays.copyOf(response.body().bytes(), MAX_BODY_BYTES)) : response.body());
  }

  private synchronized void join(CompletionStage<Boolean> taken) {
    kept = kept.thenCombine(taken, (before, now) -> before && now);
  }

  /** What cut a body short, derived from the reason why its exchange failed. */
  static Truncation truncation(Reason reason) {
    return switch (reason) {
      case IDLE_TIMEOUT, TOTAL_TIMEOUT, FIRST_BYTE_TIMEOUT -> Truncation.TIME;
      case BODY_INCOMPLETE, CONNECTION_RESET, CONNECTION_CLOSED -> Truncation.DISCONNECT;
      default -> Truncation.UNSPECIFIED;
    };
  }
}
