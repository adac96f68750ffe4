package io.sluice.parser.worker;

import io.sluice.core.lifecycle.Deadline;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Whether the workers of a stopping process first read until the stream is empty, and how many
 * pages they leave (docs/handover.md, "Owners and nodes"). Shared by the workers. Thread-safe:
 * volatile fields and an atomic.
 */
final class StreamDrain {

  private volatile @Nullable Deadline ordered;
  private volatile boolean begun;
  private volatile boolean over;
  private final AtomicLong resting = new AtomicLong(Long.MAX_VALUE);

  /**
   * Orders a drain, since the whole crawl stops: the workers read until the stream is empty, within
   * {@code bound}, regardless of the fetcher's state.
   */
  void order(Duration bound) {
    ordered = Deadline.in(bound);
  }

  /** Whether the supervisor ordered the drain. */
  boolean isOrdered() {
    return ordered != null;
  }

  /**
   * The deadline for reading, which leaves time to commit by the process's deadline: three quarters
   * of what is left, or the supervisor's bound if that is sooner.
   */
  Deadline reading(Deadline process) {
    Deadline bound = ordered;
    Duration most = process.left().multipliedBy(3).dividedBy(4);
    Duration left = bound == null || bound.left().compareTo(most) > 0 ? most : bound.left();
    return process.within(left);
  }

  /** Notes that a worker reads on because the whole crawl stops. */
  void begin() {
    begun = true;
  }

  /** Whether any worker has read on. */
  boolean begun() {
    return begun;
  }

  /** Ends the drain: no page is read from now on. */
  void end() {
    over = true;
  }

  /** Whether workers may read on. */
  boolean goesOn() {
    return !over;
  }

  /**
   * Notes the number of pages that a worker saw in the stream when it ended, including those that
   * other workers hold.
   */
  void left(long pages) {
    resting.accumulateAndGet(pages, Math::min);
  }

  /** The number of pages that the workers left in the stream; empty if no worker could read it. */
  OptionalLong resting() {
    long least = resting.get();
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least);
  }
}
