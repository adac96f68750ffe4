package io.sluice.launcher.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process's wish to end. The first one who asks names the reason and an orderly stop begins; who
 * insists after that asks for an end at once. Thread-safe: two futures, each completed once.
 */
public final class StopRequest {

  private static final Duration LOOK_EVERY = Duration.ofMinutes(1);

  private final CompletableFuture<String> asked = new CompletableFuture<>();
  private final CompletableFuture<String> forced = new CompletableFuture<>();

  /** Asks for an orderly stop; does nothing when one was asked for already. */
  public void ask(String reason) {
    asked.complete(reason);
  }

  /** Asks for an orderly stop, or, where one was asked for already, for an end at once. */
  public void insist(String reason) {
    if (!asked.complete(reason)) {
      forced.complete(reason);
    }
  }

  /** Whether a stop was asked for. */
  public boolean isAsked() {
    return asked.isDone();
  }

  /**
   * Completes with the reason when a stop is first asked for. Callbacks run on the asker's thread.
   */
  public CompletionStage<String> asked() {
    return asked.minimalCompletionStage();
  }

  /** Completes with the reason when an end at once is asked for. */
  public CompletionStage<String> forced() {
    return forced.minimalCompletionStage();
  }

  /** Waits for the first request: a process lives until somebody asks it to stop. */
  public String await() throws InterruptedException {
    Optional<String> reason = await(LOOK_EVERY);
    while (reason.isEmpty()) {
      reason = await(LOOK_EVERY);
    }
    return reason.get();
  }

  /** Waits for the first request, {@code bound} at most; nothing when none came. */
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
