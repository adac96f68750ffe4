package io.sluice.fetcher.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;

/**
 * The memory for bodies, over all lanes: from their arrival until their pages are handed over. A
 * body that stays small is free. One that grows beyond that claims, before it goes on, as much as
 * it may still become; claims are granted in turn, so none starves, and what was granted is enough
 * to end with, so none waits for another that waits. A claim larger than everything is granted when
 * nothing else is: one body may always go on.
 *
 * <p>Thread-safe: one monitor, held for counting only; who was waiting is resumed outside of it.
 */
final class BodyBudget {
  private static final long LEAST_FREE_BYTES = 4 << 10;
  private static final long MOST_FREE_BYTES = 64 << 10;

  private final long maxBytes;
  private final long freeBytes;
  private final Queue<BodyMemory> waiting = new ArrayDeque<>();
  private long usedBytes;

  /**
   * A budget of which nothing is used.
   *
   * @param maxBytes for what is claimed
   * @param connections bodies at a time, at most; what is free for them is half the budget more
   */
  BodyBudget(long maxBytes, int connections) {
    this.maxBytes = maxBytes;
    this.freeBytes = Math.clamp(maxBytes / 2 / connections, LEAST_FREE_BYTES, MOST_FREE_BYTES);
  }

  long maxBytes() {
    return maxBytes;
  }

  /** What a body may have without a claim. */
  long freeBytes() {
    return freeBytes;
  }

  synchronized long usedBytes() {
    return usedBytes;
  }

  /** Claims memory; whether it was granted at once. If not, it will be, unless it is let go. */
  synchronized boolean claim(BodyMemory memory, long bytes) {
    memory.bytes = bytes;
    if (waiting.isEmpty() && fits(bytes)) {
      grant(memory);
      return true;
    }
    waiting.add(memory);
    return false;
  }

  private boolean fits(long bytes) {
    return usedBytes == 0 || usedBytes + bytes <= maxBytes;
  }

  private void grant(BodyMemory memory) {
    memory.granted = true;
    usedBytes += memory.bytes;
  }

  /**
   * The body is complete: it keeps so many bytes and gives back the rest, or waits no longer. What
   * came to its end while it waited is counted, though that be more than there is.
   */
  void shrink(BodyMemory memory, long bytes) {
    List<BodyMemory> next;
    synchronized (this) {
      if (!memory.granted) {
        waiting.remove(memory);
        if (bytes > freeBytes) {
          memory.bytes = bytes;
          grant(memory);
        }
      } else if (bytes < memory.bytes) {
        usedBytes -= memory.bytes - bytes;
        memory.bytes = bytes;
      }
      next = grantNext();
    }
    next.forEach(BodyMemory::resume);
  }

  /** Gives back what a claim has, or ends its waiting. */
  void release(BodyMemory memory) {
    List<BodyMemory> next;
    synchronized (this) {
      if (memory.granted) {
        usedBytes -= memory.bytes;
        memory.granted = false;
      } else {
        waiting.remove(memory);
      }
      next = grantNext();
    }
    next.forEach(BodyMemory::resume);
  }

  private List<BodyMemory> grantNext() {
    List<BodyMemory> granted = new ArrayList<>();
    Iterator<BodyMemory> inTurn = waiting.iterator();
    while (inTurn.hasNext()) {
      BodyMemory next = inTurn.next();
      if (!fits(next.bytes)) {
        break;
      }
      inTurn.remove();
      grant(next);
      granted.add(next);
    }
    return granted;
  }
}
