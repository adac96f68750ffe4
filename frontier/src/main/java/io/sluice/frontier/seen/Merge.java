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
 * Makes one run of several, on a thread of its own choosing and with channels of its own: the
 * shard's look-ups go on meanwhile. {@link #run} is called once; the rest is for the shard's
 * thread.
 */
final class Merge implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Merge.class);

  /** Fingerprints written between two looks at whether to stop: some ten microseconds. */
  private static final int STOP_CHECK = 1024;

  private enum Phase {
    WAITING,
    RUNNING,
    STOPPING,
    DONE
  }

  private final SeenPlace place;
  private final List<RunName> inputs;
  private final long number;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
  private final CountDownLatch over = new CountDownLatch(1);

  /** Written before the phase becomes DONE, read after. */
  private @Nullable Run result;

  private @Nullable Throwable failure;

  /**
   * @param inputs runs whose files stay until this is done
   * @param number of the run to make
   */
  Merge(SeenPlace place, List<RunName> inputs, long number) {
    this.place = place;
    this.inputs = List.copyOf(inputs);
    this.number = number;
  }

  List<RunName> inputs() {
    return inputs;
  }

  /** The number of the run to make. */
  long number() {
    return number;
  }

  /** What a merge takes while it runs, at most: the new run's memory and the windows. */
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
    } catch (Throwable e) { // whatever it is, the shard's thread is to know
      failure = e;
    }
    if (!phase.compareAndSet(Phase.RUNNING, Phase.DONE)) {
      discard();
    }
    over.countDown();
  }

  private void merge() throws IOException {
    List<RunFile> files = new ArrayList<>();
    try (RunWriter writer = new RunWriter(place, number, count())) {
      for (RunName input : inputs) {
        files.add(RunFile.open(place, input));
      }
      if (copy(new MergingScan(files), writer)) {
        result = writer.finish();
      }
    } finally {
      for (RunFile file : files) {
        file.close();
      }
    }
  }

  /** Whether it came to the end: false if it was stopped. */
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

  /** Whether {@link #take} has something to say. */
  boolean done() {
    return phase.get() == Phase.DONE;
  }

  /**
   * The run made, once {@link #done}; the caller closes it.
   *
   * @throws IOException if the merge failed; its file is gone
   */
  Run take() throws IOException {
    Run made = result;
    if (made == null) {
      String why = failure == null ? "it was stopped" : String.valueOf(failure.getMessage());
      throw new IOException(place.file(number) + ": merging runs failed: " + why, failure);
    }
    return made;
  }

  /**
   * Ends the merge wherever it is, waits for its thread to let go, and deletes what it made. A
   * merge that did not begin never will.
   */
  void stop(Duration patience) {
    if (phase.compareAndSet(Phase.WAITING, Phase.DONE)) {
      return;
    }
    if (!phase.compareAndSet(Phase.RUNNING, Phase.STOPPING)) {
      discard();
    } else if (!await(patience)) {
      LOG.warn("{}: the merge does not stop within {}", place.file(number), patience);
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

  /**
   * Deletes what was made and is not wanted; nobody depends on it, so that a failure is told only.
   */
  private void discard() {
    try {
      if (result != null) {
        result.close();
        place.disk().delete(result.path());
      }
    } catch (IOException e) {
      LOG.warn("{}: an unfinished merge stays behind", place.file(number), e);
    }
  }
}
