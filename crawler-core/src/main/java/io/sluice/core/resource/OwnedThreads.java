package io.sluice.core.resource;

import java.util.concurrent.ThreadFactory;

/**
 * Makes platform threads that are in the ledger from their start to their end. Thread-safe: as the
 * builder is not changed.
 */
public final class OwnedThreads implements ThreadFactory {

  private final ThreadFactory threads;
  private final Ledger ledger;
  private final String owner;

  /**
   * @param threads how they are named, and the like; owned from here on
   * @param ledger where they are entered; borrowed
   * @param owner which part owns them
   */
  public OwnedThreads(Thread.Builder.OfPlatform threads, Ledger ledger, String owner) {
    this.threads = threads.factory();
    this.ledger = ledger;
    this.owner = owner;
  }

  /** A thread that is not started yet. */
  @Override
  public Thread newThread(Runnable work) {
    return threads.newThread(
        () -> {
          try (Ledger.Entry _ = ledger.enter(ResourceKind.THREAD, owner)) {
            work.run();
          }
        });
  }
}
