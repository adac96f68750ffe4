package io.sluice.launcher.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to end the process. The first caller gives the reason, and an orderly stop begins; a
 * later, insisting request asks for an immediate end.
 *
 * <p>{@code timeout} and service managers signal a whole group of processes, and may signal one
 * twice within an instant. Therefore a second signal within one second of the first is ignored, and
 * a later one insists; a third signal insists in any case. Thread-safe: two futures, each completed
 * once; the count of signals is guarded by this object's lock.
 */
public final class StopRequest {

  /** Signals within this time count as one. */
  static final Duration ONE_SIGNAL = Duration.ofSeconds(1);

  private static final int INSISTS_IN_ANY_CASE = 3;
  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final CompletableFuture<String> asked = new CompletableFuture<>();
  private final CompletableFuture<String> forced = new CompletableFuture<>();
  private volatile Order.@Nullable Stop order;
  private int signals;
  private long firstSignalNanos;

  /** Creates a request that has not been made yet. */
  public StopRequest() {
    this(System::nanoTime);
  }

  /**
   * Creates a request that has not been made yet.
   *
   * @param nanoTime monotonic time
   */
  StopRequest(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Requests an orderly stop; does nothing if one has been requested. */
  public void ask(String reason) {
    asked.complete(reason);
  }

  /**
   * A signal was received.
   *
   * @param name the signal's name: {@code sigterm}
   */
  public void signal(String name) {
    if (insists()) {
      forced.complete(name);
    } else {
      asked.complete(name);
    }
  }

  private synchronized boolean insists() {
    signals++;
    long now = nanoTime.getAsLong();
    if (signals == 1) {
      firstSignalNanos = now;
      return false;
    }
    return signals >= INSISTS_IN_ANY_CASE || now - firstSignalNanos >= ONE_SIGNAL.toNanos();
  }

  /** Whether a signal was received and another one would insist. */
  public synchronized boolean mayInsist() {
    return signals > 0 && nanoTime.getAsLong() - firstSignalNanos >= ONE_SIGNAL.toNanos();
  }

  /** Carries out an order from the supervisor. */
  void follow(Order given) {
    switch (given) {
      case Order.Stop stop -> {
        if (!isAsked()) {
          order = stop;
        }
        asked.complete(stop.reason());
      }
      case Order.Insist() -> {
        asked.complete("insisted");
        forced.complete("the supervisor ordered it");
      }
    }
  }

  /** The supervisor's order that caused the stop; empty if the stop has another cause. */
  Optional<Order.Stop> order() {
    return Optional.ofNullable(order);
  }

  /** Whether a stop was requested. */
  public boolean isAsked() {
    return asked.isDone();
  }

  /**
   * Returns a stage that completes with the reason when a stop is first requested. Callbacks run on
   * the requesting thread.
   */
  public CompletionStage<String> asked() {
    return asked.minimalCompletionStage();
  }

  /** Returns a stage that completes with the reason when an immediate end is requested. */
  public CompletionStage<String> forced() {
    return forced.minimalCompletionStage();
  }

  /** Waits, without a time limit, for the first request. */
  public String await() throws InterruptedException {
    Optional<String> reason = await(LOOK_EVERY);
    while (reason.isEmpty()) {
      reason = await(LOOK_EVERY);
    }
    return reason.get();
  }

  /** Waits for the first request for at most {@code bound}; empty if none was made. */
  public Optional<String> await(Duration bound) throws InterruptedException {
    try {
      return Optional.of(asked.get(bound.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new AssertionError("never completed exceptionally", e);
    }
  }
}
