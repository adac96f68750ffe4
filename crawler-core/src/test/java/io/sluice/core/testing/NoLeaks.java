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
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves something behind: a thread, a descriptor, a child process, or an
 * exception that nobody caught. Ends under way are awaited, {@value #GRACE_MILLIS} ms at most.
 *
 * <p>What {@code @BeforeAll} opened is there before and after; close what a test opens in the test
 * or in {@code @AfterEach}. Tests run one after the other in a JVM, else they see each other's.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {

  private static final int GRACE_MILLIS = 3000;
  private static final long LOOK_EVERY_NANOS = 5_000_000;

  private @Nullable Watch watch;

  @Override
  public void beforeEach(ExtensionContext context) {
    watch = new Watch();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Watch ending = watch;
    watch = null;
    if (ending == null) {
      return;
    }
    List<String> left = ending.end();
    if (!left.isEmpty()) {
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left));
    }
  }

  /** What was there before a test, and what nobody caught since. */
  private static final class Watch {
    private final ThreadCensus threads = ThreadCensus.start();
    private final DescriptorCensus descriptors =
        new DescriptorCensus(new ResourceLedger(), new DescriptorRules(), Duration.ZERO);
    private final Set<Long> children = children();
    private final Queue<String> uncaught = new ConcurrentLinkedQueue<>();
    private final Thread.@Nullable UncaughtExceptionHandler before =
        Thread.getDefaultUncaughtExceptionHandler();

    Watch() {
      Thread.setDefaultUncaughtExceptionHandler(
          (thread, failure) -> uncaught.add(thread.getName() + " threw " + trace(failure)));
    }

    List<String> end() {
      Deadline grace = Deadline.in(Duration.ofMillis(GRACE_MILLIS));
      List<String> left = left();
      while (!left.isEmpty() && !grace.passed()) {
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
        left.add("thread " + thread.getName());
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
}
