package io.sluice.core.testing;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.resource.ThreadCensus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was there when it was made, to be compared with what is there at the end; and what nobody
 * caught in between. Confined to the test's thread, its handler of uncaught exceptions excepted.
 */
final class LeakWatch {

  /** JUnit keeps a thread for its timeouts once it needed one. */
  private static final String JUNIT = "junit-";

  private static final long LOOK_EVERY_NANOS = 5_000_000;

  private final Duration grace;
  private final ThreadCensus threads = ThreadCensus.start();
  private final DescriptorCensus descriptors =
      new DescriptorCensus(new ResourceLedger(), new DescriptorRules(), Duration.ZERO);
  private final Set<Long> children = children();
  private final Queue<String> uncaught = new ConcurrentLinkedQueue<>();
  private final Thread.@Nullable UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();

  /**
   * Begins to watch.
   *
   * @param grace how long ends under way are awaited
   */
  LeakWatch(Duration grace) {
    this.grace = grace;
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> uncaught.add(thread.getName() + " threw " + trace(failure)));
  }

  /** Ends the watch: what is left, a line each; empty when nothing is. */
  List<String> end() {
    Deadline until = Deadline.in(grace);
    List<String> left = left();
    while (!left.isEmpty() && !until.passed()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      left = left();
    }
    Thread.setDefaultUncaughtExceptionHandler(before);
    left.addAll(uncaught);
    return left;
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    for (Thread thread : threads.started()) {
      if (!thread.getName().startsWith(JUNIT)) {
        left.add("thread " + thread.getName());
      }
    }
    Census now = descriptors.now();
    for (String stray : now.strays()) {
      left.add("descriptor " + stray);
    }
    for (ResourceKind kind : List.of(ResourceKind.PIPE, ResourceKind.EPOLL)) {
      int more = now.count(kind) - descriptors.atStart().count(kind);
      if (more > 0) {
        left.add(more + " descriptors of kind " + kind.word());
      }
    }
    for (Long child : children()) {
      if (!children.contains(child)) {
        left.add("child process " + child);
      }
    }
    return left;
  }

  private static Set<Long> children() {
    return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  private static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
