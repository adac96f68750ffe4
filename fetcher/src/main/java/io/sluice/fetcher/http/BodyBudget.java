package io.sluice.fetcher.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The memory for bodies, over all lanes, from a body's arrival until its page is handed over. A
 * small body needs no claim. A larger one must claim memory before it may grow further: for its
 * whole length if that is known, otherwise in steps, counting every copy that exists while it
 * grows.
 *
 * <p>Bodies hold memory while they wait for more, and must not deadlock. The budget therefore has
 * two parts: a <em>pool</em>, from which every body may take, and one <em>seat</em>, as large as
 * the largest claim. If the pool has no room for a step, one body takes the seat, which has room
 * for that body at its maximum size. The body can therefore always be completed, and then the next
 * body takes the seat. Waiters are served in turn, so none starves.
 *
 * <p>Pages that are waiting for Redis, including small ones, count as well. They do not wait for
 * room, so they may push the pool above its bound; the frontier's credit limits by how much.
 *
 * <p>Thread-safe: one monitor, held only for counting; waiters are resumed outside of it.
 */
final class BodyBudget {
  private final long maxBytes;
  private final long poolMaxBytes;
  private final long freeBytes;
  private final Queue<BodyMemory> waiting = new ArrayDeque<>();
  private long poolBytes;
  private @Nullable BodyMemory seated;

  /**
   * Creates an unused budget.
   *
   * @param maxBytes maximum memory of all claims, in bytes; if less than the largest claim, bodies
   *     are received one by one
   * @param largestBytes the most that one body may claim, in bytes
   * @param connections maximum number of bodies at a time
   */
  BodyBudget(long maxBytes, long largestBytes, int connections) {
    this.maxBytes = maxBytes;
    this.poolMaxBytes = Math.max(0, maxBytes - largestBytes);
    this.freeBytes = BodyClaims.freeBytes(maxBytes, connections);
  }

  long maxBytes() {
    return maxBytes;
  }

  /** Maximum memory that a body may use without a claim, in bytes. */
  long freeBytes() {
    return freeBytes;
  }

  synchronized long usedBytes() {
    return poolBytes + (seated == null ? 0 : seated.bytes);
  }

  /**
   * Claims memory.
   *
   * @param bytes the body's memory from now on, including what it already has
   * @param mostBytes maximum memory that it may need before it is complete
   * @return whether the claim was granted at once; if not, it will be, unless the body is released
   *     first
   */
  synchronized boolean claim(BodyMemory memory, long bytes, long mostBytes) {
    memory.wantedBytes = bytes;
    memory.mostBytes = mostBytes;
    if (memory.equals(seated) || (waiting.isEmpty() && grant(memory))) {
      return true;
    }
    waiting.add(memory);
    return false;
  }

  private boolean grant(BodyMemory memory) {
    if (poolBytes - memory.bytes + memory.wantedBytes <= poolMaxBytes) {
      hold(memory, memory.wantedBytes);
      return true;
    }
    if (seated != null) {
      return false;
    }
    poolBytes -= memory.bytes;
    memory.bytes = memory.mostBytes;
    seated = memory;
    return true;
  }

  private void hold(BodyMemory memory, long bytes) {
    poolBytes += bytes - memory.bytes;
    memory.bytes = bytes;
  }

  /**
   * Records that a body is complete: it keeps {@code bytes} and returns the rest, or stops waiting.
   * It leaves the seat if the pool has room for it.
   */
  void shrink(BodyMemory memory, long bytes) {
    List<BodyMemory> next;
    synchronized (this) {
      waiting.remove(memory);
      if (!memory.equals(seated)) {
        hold(memory, bytes);
      } else if (poolBytes + bytes <= poolMaxBytes) {
        seated = null;
        memory.bytes = 0;
        hold(memory, bytes);
      } else {
        memory.bytes = bytes;
      }
      next = grantNext();
    }
    next.forEach(BodyMemory::resume);
  }

  /** Returns a body's memory, or stops its waiting. */
  void release(BodyMemory memory) {
    List<BodyMemory> next;
    synchronized (this) {
      waiting.remove(memory);
      if (memory.equals(seated)) {
        seated = null;
        memory.bytes = 0;
      } else {
        hold(memory, 0);
      }
      next = grantNext();
    }
    next.forEach(BodyMemory::resume);
  }

  private List<BodyMemory> grantNext() {
    List<BodyMemory> granted = new ArrayList<>();
    BodyMemory next = waiting.peek();
    while (next != null && grant(next)) {
      granted.add(waiting.remove());
      next = waiting.peek();
    }
    return granted;
  }
}
