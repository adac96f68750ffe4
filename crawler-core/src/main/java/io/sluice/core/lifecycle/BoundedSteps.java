package io.sluice.core.lifecycle;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the calls of a shutdown one after the other on a thread of its own, each within a bound. A
 * call that overruns is left behind on its thread, never interrupted: an interrupt would close the
 * file channel under a checkpoint. The next call gets a new thread. Confined to the shutdown's
 * thread.
 */
final class BoundedSteps implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BoundedSteps.class);

  /** How long a thread without work may take to end. */
  private static final Duration ENDING = Duration.ofSeconds(1);

  private final Ledger ledger;
  private ExecutorService runner;

  /**
   * The thread that runs the calls; null before the first call. Created by the caller of {@link
   * #run}.
   */
  private @Nullable Thread thread;

  /**
   * @param ledger where the thread is entered while it runs a call; borrowed
   */
  BoundedSteps(Ledger ledger) {
    this.ledger = ledger;
    this.runner = newRunner();
  }

  /** The result of a call. */
  sealed interface Step<T> {
    /** The call returned. */
    record Ended<T>(T value) implements Step<T> {}

    /** The call threw an exception. */
    record Threw<T>(Throwable failure) implements Step<T> {}

    /** The call overran its bound and has not ended yet. */
    record Overran<T>() implements Step<T> {}
  }

  /**
   * Runs {@code call} and waits for it until {@code until} has passed and {@code grace} after that.
   * An interrupt of the waiting thread ends only the first of these waits, and stays set.
   *
   * @param what the call's name, which its thread carries while it runs
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

  /**
   * Ends the thread and waits for its end, at most a second, so that the audit of threads does not
   * find it. A thread whose call overran ends when that call does.
   */
  @Override
  public void close() {
    runner.shutdown();
    Thread idle = thread;
    if (idle == null) {
      return;
    }
    try {
      if (!idle.join(ENDING)) {
        log.debug("{} is slow to end", idle.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    thread = null;
    ThreadFactory threads = Thread.ofPlatform().daemon().name("shutdown").factory();
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread made = threads.newThread(task);
          thread = made;
          return made;
        });
  }
}
