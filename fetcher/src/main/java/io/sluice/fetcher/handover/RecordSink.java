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
   * Hands an exchange over, to be published after all earlier pages and exchanges. Never waits for
   * room: every exchange of a visit is accepted.
   *
   * @return a stage that never fails, never completes with {@link Handed.InDoubt}, and completes on
   *     one of the sink's threads
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
   * Returns a stage that is already complete if {@link #beginVisit} would find room, and otherwise
   * completes when enough visits have ended or parsers have committed enough entries.
   *
   * @return a stage that never fails; completes on one of the sink's threads
   */
  CompletionStage<Void> room();
}
