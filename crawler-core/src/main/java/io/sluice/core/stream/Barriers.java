package io.sluice.core.stream;

import io.sluice.core.stream.SendQueue.Item;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Stages that complete once all entries ahead of them have their answers, in whatever order the
 * answers arrive.
 *
 * <p>Confined to the pool's I/O thread.
 */
final class Barriers {

  private record Barrier(Set<Item> ahead, CompletableFuture<Void> done) {}

  private final List<Barrier> barriers = new ArrayList<>();

  /** Completes {@code done} once all entries in {@code ahead} have their answers. */
  void add(Collection<Item> ahead, CompletableFuture<Void> done) {
    if (ahead.isEmpty()) {
      done.complete(null);
    } else {
      barriers.add(new Barrier(new HashSet<>(ahead), done));
    }
  }

  /** Notes that an entry has its answer and its own stage is complete. */
  void answered(Item item) {
    barriers.removeIf(
        barrier -> {
          if (barrier.ahead.remove(item) && barrier.ahead.isEmpty()) {
            barrier.done.complete(null);
            return true;
          }
          return false;
        });
  }
}
