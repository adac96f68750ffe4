package io.sluice.launcher.process;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A process's wish to end. The first one who asks names the reason and an orderly stop begins; who
 * insists after that asks for an end at once. Thread-safe: two futures, each completed once.
 */
public final class StopRequest {

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

  /** Waits for the first request; the caller wants to live until then. */
  public String await() throws InterruptedException {
    try {
      return asked.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError("never completed exceptionally", e);
    }
  }
}
