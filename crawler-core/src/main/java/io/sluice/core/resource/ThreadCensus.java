package io.sluice.core.resource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Finds the platform threads that were started since a point in time and are alive. Threads that
 * the JVM and its libraries keep for the whole process are left out, whatever started them: by
 * name, and the carriers of virtual threads by their class. Virtual threads are not seen: the JVM
 * does not list them. Thread-safe: the recorded set never changes.
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
          "SIGHUP handler",
          "SIGINT handler",
          "SIGTERM handler",
          "Signal Dispatcher",
          "VirtualThread-",
          "Write-Poller",
          "globalEventExecutor-",
          "process reaper");

  /**
   * Class of the JVM's carrier threads. Their names do not identify them: an application's first
   * fork-join pool uses the same ones.
   */
  private static final String CARRIER = "jdk.internal.misc.CarrierThread";

  /** A fork-join pool's timer thread, which ends with its pool; the carriers' pool never ends. */
  private static final String DELAYS_OF_A_POOL = "-delayScheduler";

  private final Set<Thread> atStart;

  private ThreadCensus(Set<Thread> atStart) {
    this.atStart = atStart;
  }

  /** Records the threads alive now, which {@link #started} leaves out. */
  public static ThreadCensus start() {
    Set<Thread> alive = Collections.newSetFromMap(new IdentityHashMap<>());
    alive.addAll(alive());
    return new ThreadCensus(alive);
  }

  /**
   * The threads that were started since this census began and are still alive, except for the
   * calling thread.
   */
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
