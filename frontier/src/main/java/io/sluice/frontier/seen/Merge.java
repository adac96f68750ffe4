package io.sluice.frontier.seen;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges several runs into one, on another thread and with its own channels, so that the shard's
 * lookups continue meanwhile. {@link #run} is called once, on the other thread; all other methods
 * are for the shard's thread.
 */
final class Merge implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Merge.class);

  /**
   * Number of fingerprints written between two checks whether to stop; they take about ten
   * microseconds.
   */
  private static final int STOP_CHECK = 1024;

  private enum Phase {
    WAITING,
    RUNNING,
    STOPPING,
    DONE
  }

  private final SeenFiles files;
  private final List<RunName> inputs;
  private final long number;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
  private final CountDownLatch over = new CountDownLatch(1);

  /**
   * The new run; null if the merge failed. Written before the phase becomes DONE, read afterwards.
   */
  private @Nullable Run result;

  private @Nullable Throwable failure;

  /**
   * @param inputs the runs to merge, whose files stay until the merge is done
   * @param number the number of the new run
   */
  Merge(SeenFiles files, List<RunName> inputs, long number) {
    this.files = files;
    this.inputs = List.copyOf(inputs);
    this.number = number;
  }

  List<RunName> inputs() {
    return inputs;
  }

  /** The number of the new run. */
  long number() {
    return number;
  }

  /** Maximum memory of a running merge: the new run's index and the windows. */
  long memoryBytes() {
    long windows = (inputs.size() + 1L) * RunScan.MEMORY_BYTES;
    return RunIndex.memoryBytes(count()) + windows;
  }

  private long count() {
    return inputs.stream().mapToLong(RunName::count).sum();
  }

  @Override
  public void run() {
    if (!phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
      return;
    }
    try {
      merge();
    } catch (Throwable e) { // any failure must reach the shard's thread
      failure = e;
    }
    if (!phase.compareAndSet(Phase.RUNNING, Phase.DONE)) {
      discard();
    }
    over.countDown();
  }

  private void merge() throws IOException {
    List<RunFile> open = new ArrayList<>();
    try (RunWriter writer = new RunWriter(files, number, count())) {
      for (RunName input : inputs) {
        open.add(RunFile.open(files, input));
      }
      if (copy(new MergingScan(open), writer)) {
        result = writer.finish();
      }
    } finally {
      for (RunFile file : open) {
        file.close();
      }
    }
  }

  /** Copies until the end; returns false if it was stopped before. */
  private boolean copy(MergingScan from, RunWriter to) throws IOException {
    to.begin();
    for (int untilCheck = STOP_CHECK; from.advance(); untilCheck--) {
      to.add(from.head());
      if (untilCheck == 0) {
        untilCheck = STOP_CHECK;
        if (phase.get() == Phase.STOPPING) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether the merge has ended, so that {@link #take} may be called. */
  boolean done() {
    return phase.get() == Phase.DONE;
  }

  /**
   * The new run, once {@link #done}; the caller closes it.
   *
   * @throws IOException if the merge failed; its file has been deleted
   */
  Run take() throws IOException {
    Run made = result;
    if (made == null) {
      String why = failure == null ? "it was stopped" : String.valueOf(failure.getMessage());
      throw new IOException(files.file(number) + ": merging runs failed: " + why, failure);
    }
    return made;
  }

  /**
   * Stops the merge, waits for its thread to notice, and deletes its file. A merge that has not
   * begun will never begin.
   */
  void stop(Duration patience) {
    if (phase.compareAndSet(Phase.WAITING, Phase.DONE)) {
      return;
    }
    if (!phase.compareAndSet(Phase.RUNNING, Phase.STOPPING)) {
      discard();
    } else if (!await(patience)) {
      log.warn("{}: the merge did not stop within {}", files.file(number), patience);
    }
  }

  private boolean await(Duration patience) {
    try {
      return over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Deletes the unwanted file; nothing depends on that, so a failure is only logged. */
  private void discard() {
    try {
      if (result != null) {
        result.close();
        files.disk().delete(result.path());
      }
    } catch (IOException e) {
      log.warn("{}: an unfinished merge could not be removed", files.file(number), e);
    }
  }
}
