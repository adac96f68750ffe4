package io.sluice.fetcher.handover;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;

/** The thread on which outcomes are read. Thread-safe: immutable. */
final class OutcomeThread {

  /** How long to wait for the thread to end after an interrupt. */
  private static final Duration INTERRUPTED_BOUND = Duration.ofSeconds(3);

  private final OutcomeLoop loop;
  private final Thread thread;

  private OutcomeThread(OutcomeLoop loop, Thread thread) {
    this.loop = loop;
    this.thread = thread;
  }

  /** Starts the loop on a thread with the given name, which the ledger lists while it runs. */
  static OutcomeThread start(OutcomeLoop loop, String name, Ledger ledger, String owner) {
    Ledger.Entry entry = ledger.enter(ResourceKind.THREAD, owner);
    Thread thread =
        Thread.ofPlatform()
            .name(name)
            .start(
                () -> {
                  try {
                    loop.run();
                  } finally {
                    entry.close();
                  }
                });
    return new OutcomeThread(loop, thread);
  }

  /** Stops the loop, and interrupts its thread if the thread has not ended within {@code bound}. */
  void end(Duration bound) {
    loop.stop();
    try {
      if (!thread.join(bound)) {
        thread.interrupt();
        thread.join(INTERRUPTED_BOUND);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
