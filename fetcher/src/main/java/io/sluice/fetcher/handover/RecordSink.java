package io.sluice.fetcher.handover;

import io.sluice.core.message.Capture;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Receives exchanges that are archived but not parsed. Thread-safe; each call returns at once. */
public interface RecordSink {

  /** The sink of a crawl that archives only pages: takes no exchanges, and always has room. */
  RecordSink NONE =
      new RecordSink() {
        @Override
        public boolean takes() {
          return false;
        }

        @Override
        public CompletionStage<Handed> publish(Capture capture) {
          return CompletableFuture.completedFuture(new Handed.NotSent());
        }

        @Override
        public boolean beginVisit() {
          return true;
        }

        @Override
        public void visitEnded() {}

        private final CompletionStage<Void> room = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<Void> room() {
          return room;
        }
      };

  /** Whether exchanges are archived at all. */
  boolean takes();

  /**
   * Hands an exchange over; it is published after all earlier pages and exchanges. Never waits for
   * room: every exchange of a visit is accepted.
   *
   * @return never fails, and is never {@link Handed.InDoubt}; completes on a thread of the sink's
   */
  CompletionStage<Handed> publish(Capture capture);

  /**
   * Reserves room for a visit's exchanges, if there is any: one entry of a usual size. The visit's
   * exchanges are accepted whatever their number and size.
   *
   * @return whether the visit may begin; if so, {@link #visitEnded} must be called once
   */
  boolean beginVisit();

  /**
   * Returns the room that {@link #beginVisit} reserved. Call this once the visit's exchanges are
   * published.
   */
  void visitEnded();

  /**
   * Waits for room: complete at once if {@link #beginVisit} would find some, otherwise when enough
   * visits have ended or parsers have committed enough entries.
   *
   * @return never fails; completes on a thread of the sink's
   */
  CompletionStage<Void> room();
}
