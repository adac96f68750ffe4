package io.sluice.fetcher.dns;

import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Finds out whether the name servers answer at all. A lookup that times out may be the fault of one
 * name: resolvers are often silent while they wait for a dead server. So if no answer has come for
 * a while, the servers are asked for the root's name servers, which every resolver knows. Any
 * answer, even an error, shows that they are reachable.
 *
 * <p>Confined to its resolver's event loop.
 */
final class ServerWatch {
  /** An answer no older than this shows that the servers are reachable. */
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Supplier<Future<?>> question;
  private final LongSupplier nanoTime;
  private boolean answered;
  private long answeredNanos;
  private boolean asking;
  private boolean silent;

  /**
   * @param question asks the name servers something they certainly know; its future fails if none
   *     answers in time
   */
  ServerWatch(Supplier<Future<?>> question, LongSupplier nanoTime) {
    this.question = question;
    this.nanoTime = nanoTime;
  }

  /** A name server answered something. */
  void answered() {
    answered = true;
    answeredNanos = nanoTime.getAsLong();
    silent = false;
  }

  /**
   * Records that a lookup got no answer, and queries the servers unless one has answered recently.
   *
   * @return whether all of them are known to be silent
   */
  boolean timedOut() {
    boolean recently = answered && nanoTime.getAsLong() - answeredNanos < RECENT_NANOS;
    if (!recently && !asking) {
      asking = true;
      question
          .get()
          .addListener(
              asked -> {
                asking = false;
                if (asked.isSuccess()) {
                  answered();
                } else {
                  silent = true;
                }
              });
    }
    return silent;
  }
}
