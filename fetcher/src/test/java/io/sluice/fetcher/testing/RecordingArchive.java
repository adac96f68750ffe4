package io.sluice.fetcher.testing;

import io.sluice.core.message.Capture;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import io.sluice.fetcher.handover.RecordSink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Records the exchanges that are to be archived. Thread-safe. */
public final class RecordingArchive implements RecordSink {
  private final List<Capture> captures = new CopyOnWriteArrayList<>();

  /** What it answers. */
  public volatile CompletionStage<Handed> handed =
      CompletableFuture.completedFuture(new Handed.Accepted(1));

  /** Completes when there is room. */
  public volatile CompletableFuture<Void> room = CompletableFuture.completedFuture(null);

  /** The exception to throw instead of accepting an exchange; null to accept exchanges. */
  public volatile @Nullable RuntimeException defect;

  /** Maximum number of visits in progress. */
  public volatile int mostVisits = Integer.MAX_VALUE;

  private final AtomicInteger visits = new AtomicInteger();

  /** Number of visits that have begun and not ended. */
  public int visits() {
    return visits.get();
  }

  /** The exchanges so far, in order. */
  public List<Capture> captures() {
    return List.copyOf(captures);
  }

  @Override
  public boolean takes() {
    return true;
  }

  @Override
  public CompletionStage<Handed> publish(Capture capture) {
    RuntimeException thrown = defect;
    if (thrown != null) {
      throw thrown;
    }
    captures.add(capture);
    return handed;
  }

  @Override
  public boolean beginVisit() {
    if (!room.isDone() || visits.get() >= mostVisits) {
      return false;
    }
    visits.incrementAndGet();
    return true;
  }

  @Override
  public void visitEnded() {
    visits.decrementAndGet();
  }

  @Override
  public CompletionStage<Void> room() {
    return room;
  }
}
