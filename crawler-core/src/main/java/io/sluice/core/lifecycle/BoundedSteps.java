package io.sluice.core.lifecycle;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs the calls of a shutdown one after the other on a thread of its own, each within a bound. A
 * call that overruns is left behind on its thread, never interrupted: an interrupt would close the
 * file channel under a checkpoint. The next call gets a new thread. Confined to the shutdown's
 * thread.
 */
final class BoundedSteps implements AutoCloseable {

  private final Ledger ledger;
  private ExecutorService runner;

  /**
   * @param ledger where the thread is entered while it runs a call; borrowed
   */
  BoundedSteps(Ledger ledger) {
    this.ledger = ledger;
    this.runner = newRunner();
  }

  /** What became of a call. */
  sealed interface Step<T> {
    /** It returned. */
    record Ended<T>(T value) implements Step<T> {}

    /** It threw. */
    record Threw<T>(Throwable failure) implements Step<T> {}

    /** It has not ended yet. */
    record Overran<T>() implements Step<T> {}
  }

  /**
   * Runs {@code call} and waits for it until {@code until} has passed and {@code grace} after that.
   * An interrupt of the waiting thread ends the first of these waits only, and stays set.
   *
   * @param what the call's name, which its thread bears meanwhile
   */
  <T> Step<T> run(String what, Callable<T> call, Deadline until, Duration grace) {
    CompletableFuture<Step<T>> step = new CompletableFuture<>();
    runner.execute(
        () -> {
          Thread.currentThread().setName("shutdown: " + what);
          Step<T> ended;
          try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, "core.shutdown")) {
            ended = attempt(call);
          }
          step.complete(ended);
        });
    if (waitFor(step, until) || waitFor(step, Deadline.in(grace))) {
      return step.join();
    }
    runner.shutdown();
    runner = newRunner();
    return new Step.Overran<>();
  }

  /** Ends the thread, or lets it end after the call that overran. */
  @Override
  public void close() {
    runner.shutdown();
  }

  private static boolean waitFor(CompletableFuture<?> step, Deadline deadline) {
    boolean interrupted = Thread.interrupted();
    try {
      return deadline.await(step);
    } catch (InterruptedException e) {
      interrupted = true;
      return step.isDone();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T> Step<T> attempt(Callable<T> call) {
    try {
      return new Step.Ended<>(call.call());
    } catch (Throwable failure) {
      return new Step.Threw<>(failure);
    }
  }

  private ExecutorService newRunner() {
    return Executors.newSingleThreadExecutor(
        Thread.ofPlatform().daemon().name("shutdown").factory());
  }
}
