package io.sluice.core.resource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Which platform threads were started since a point in time and are alive. Threads that the JVM and
 * its libraries keep for the whole process, whoever woke them first, are left out: by name, and the
 * carriers of virtual threads by their class. Virtual threads are not seen: the JVM does not list
 * them. Thread-safe: the remembered set never changes.
 */
public final class ThreadCensus {

  /**
   * Beginnings of the names of threads that belong to the JVM or to a process-wide library pool.
   */
  private static final List<String> PROCESS_WIDE =
      List.of(
          "Attach Listener",
          "Cleaner-",
          "Common-Cleaner",
          "CompletableFutureDelayScheduler",
          "DestroyJavaVM",
          "Finalizer",
          "ForkJoinPool.commonPool-",
          "JFR ",
          "Java2D Disposer",
          "Keep-Alive-Timer",
          "MasterPoller",
          "Notification Thread",
          "Read-Poller",
          "Reference Handler",
          "SIGINT handler",
          "SIGTERM handler",
          "Signal Dispatcher",
          "VirtualThread-",
          "Write-Poller",
          "globalEventExecutor-",
          "process reaper");

  /** Carriers are the JVM's, and are named like the workers of anybody's first pool. */
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  /** A fork-join pool's clock, which ends with its pool; the carriers' pool never does. */
  private static final String DELAYS_OF_A_POOL = "-delayScheduler";

  private final Set<Thread> atStart;

  private ThreadCensus(Set<Thread> atStart) {
    this.atStart = atStart;
  }

  /** Remembers the threads alive now; the later questions are about others. */
  public static ThreadCensus start() {
    Set<Thread> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    alive.addAll(alive());
    return new ThreadCensus(alive);
  }

  /** The threads started since, still alive, the asking thread excepted. */
  public List<Thread> started() {
    Thread asking = Thread.currentThread();
    List<Thread> started = new ArrayList<>();
    for (Thread thread : alive()) {
      if (!thread.equals(asking) && !atStart.contains(thread) && !processWide(thread)) {
        started.add(thread);
      }
    }
    return started;
  }

  private static boolean processWide(Thread thread) {
    String name = thread.getName();
    if (thread.getClass().getName().equals(CARRIER) || name.endsWith(DELAYS_OF_A_POOL)) {
      return true;
    }
    for (String beginning : PROCESS_WIDE) {
      if (name.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }

  private static List<Thread> alive() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    for (ThreadGroup parent = root; parent != null; parent = parent.getParent()) {
      root = parent;
    }
    Thread[] threads = new Thread[root.activeCount() * 2 + 16];
    int count = root.enumerate(threads, true);
    return List.of(Arrays.copyOf(threads, count));
  }
}
