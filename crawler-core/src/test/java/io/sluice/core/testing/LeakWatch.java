package io.sluice.core.testing;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ThreadCensus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares what exists at the end of a test with what existed at its beginning, and collects the
 * exceptions that were not caught in between. Confined to the test's thread, except for its handler
 * of uncaught exceptions.
 */
final class LeakWatch implements AutoCloseable {

  /** JUnit keeps a thread for its timeouts once it has needed one. */
  private static final String JUNIT = "junit-";

  private static final long LOOK_EVERY_NANOS = 5_000_000;

  private final Duration grace;
  private final List<Pattern> tolerated;
  private final ThreadCensus threads = ThreadCensus.start();
  private final OpenFiles files = OpenFiles.now();
  private final Set<Long> children = children();
  private final Set<Ledger.Entry> entries = TestLedger.openEverywhere();
  private final Queue<String> uncaught = new ConcurrentLinkedQueue<>();
  private final Thread.@Nullable UncaughtExceptionHandler before =
      Thread.getDefaultUncaughtExceptionHandler();

  /**
   * Starts watching.
   *
   * @param grace how long to wait for resources that are still being closed
   * @param tolerated lines that are not reported
   */
  LeakWatch(Duration grace, List<Pattern> tolerated) {
    this.grace = grace;
    this.tolerated = tolerated;
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> uncaught.add(thread.getName() + " threw " + trace(failure)));
  }

  /** Ends the watch; returns one line for each leak. */
  List<String> end() {
    Deadline until = Deadline.in(grace);
    List<String> left = left();
    while (!left.isEmpty() && !until.passed()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      left = left();
    }
    close();
    left.addAll(uncaught);
    return left;
  }

  /** Ends the watch without checking. */
  @Override
  public void close() {
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  private List<String> left() {
    List<String> left = new ArrayList<>();
    for (Thread thread : threads.started()) {
      if (!thread.getName().startsWith(JUNIT)) {
        left.add("thread " + thread.getName());
      }
    }
    left.addAll(OpenFiles.now().openedSince(files));
    Set<Long> childrenNow = children();
    if (childrenNow.size() > children.size()) { // a child of the class may have been replaced
      childrenNow.removeAll(children);
      childrenNow.forEach(child -> left.add("child process " + child));
    }
    for (Ledger.Entry entry : TestLedger.openEverywhere()) {
      if (!entries.contains(entry)) {
        left.add("in a ledger: " + entry);
      }
    }
    left.removeIf(line -> tolerated.stream().anyMatch(one -> one.matcher(line).matches()));
    return left;
  }

  private static Set<Long> children() {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      Set<Long> children = new HashSet<>();
      for (Path task : tasks) {
        addChildren(task, children);
      }
      return children;
    } catch (IOException e) { // not Linux, or a kernel without this list: search all processes
      return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }
  }

  private static void addChildren(Path task, Set<Long> children) throws IOException {
    try {
      for (String pid : Files.readString(task.resolve("children")).split(" ", -1)) {
        if (!pid.isEmpty()) {
          children.add(Long.valueOf(pid));
        }
      }
    } catch (NoSuchFileException e) {
      if (Files.exists(task)) { // the thread has not ended, so this kernel has no such list
        throw e;
      }
    }
  }

  private static String trace(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }
}
