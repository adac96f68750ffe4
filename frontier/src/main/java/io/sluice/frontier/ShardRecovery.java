package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedThreads;
import io.sluice.frontier.shard.ShardThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Recovers the shards of a frontier, as many at a time as there are processors. Stateless. */
final class ShardRecovery {

  private ShardRecovery() {}

  /** Recovers one shard. */
  interface OneShard {
    ShardThread recover(int shard) throws IOException;
  }

  /**
   * Recovers all shards; returns when the last one is recovered or failed.
   *
   * @param recovered receives the recovered shards in order, even if others failed
   * @throws IOException the first failure; further ones are suppressed
   */
  static void recover(int shards, OneShard one, List<ShardThread> recovered, Ledger ledger)
      throws IOException {
    int threads = Math.min(shards, Runtime.getRuntime().availableProcessors());
    List<Future<ShardThread>> pending = new ArrayList<>();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            new OwnedThreads(
                Thread.ofPlatform().name("frontier-recovery-", 0), ledger, "frontier.recovery"))) {
      for (int shard = 0; shard < shards; shard++) {
        int number = shard;
        pending.add(pool.submit(() -> one.recover(number)));
      }
    } // waits for all shards even if one fails: each reads only its own files
    collect(pending, recovered);
  }

  private static void collect(List<Future<ShardThread>> pending, List<ShardThread> recovered)
      throws IOException {
    for (Future<ShardThread> shard : pending) {
      if (shard.state() == Future.State.SUCCESS) {
        recovered.add(shard.resultNow());
      }
    }
    IOException first = null;
    for (Future<ShardThread> shard : pending) {
      if (shard.state() == Future.State.SUCCESS) {
        continue;
      }
      IOException failure = ioException(shard.exceptionNow());
      if (first == null) {
        first = failure;
      } else {
        first.addSuppressed(failure);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  private static IOException ioException(Throwable cause) {
    return switch (cause) {
      case IOException failure -> failure;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> new IOException(cause);
    };
  }
}
