package io.sluice.frontier.seen;

import io.sluice.core.lifecycle.Closing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A shard's runs, oldest first, and the merge that keeps them few. Confined to its shard's thread.
 */
final class Runs implements AutoCloseable {

  /**
   * Maximum wait for a stopped merge to end. A merge checks often whether to stop; the longest
   * delay is a sync of 32 MiB.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final SeenFiles files;
  private final Executor merges;
  private final List<Run> runs = new ArrayList<>();
  private long nextNumber;
  private @Nullable Merge merge;

  private Runs(SeenFiles files, Executor merges, long nextNumber) {
    this.files = files;
    this.merges = merges;
    this.nextNumber = nextNumber;
  }

  static Runs open(SeenFiles files, Executor merges, List<RunName> names, long nextNumber)
      throws IOException {
    Runs opened = new Runs(files, merges, nextNumber);
    try {
      for (RunName name : names) {
        opened.runs.add(Run.open(files, name));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** The runs, oldest first; the oldest is usually the largest. */
  List<Run> all() {
    return runs;
  }

  /** Writes a run of fingerprints in ascending order, at least one. */
  void spill(long[] ascending) throws IOException {
    try (RunWriter writer = new RunWriter(files, nextNumber++, ascending.length)) {
      writer.begin();
      for (long key : ascending) {
        writer.add(key);
      }
      runs.add(writer.finish());
    }
    mergeIfWorthwhile();
  }

  /** Whether there is room for one more run. */
  boolean room() {
    return merge == null || runs.size() < files.maxRuns();
  }

  private void mergeIfWorthwhile() {
    int from = oldestToMerge();
    if (merge != null || from == runs.size()) {
      return;
    }
    List<RunName> inputs = runs.subList(from, runs.size()).stream().map(Run::name).toList();
    merge = new Merge(files, inputs, nextNumber++);
    merges.execute(merge);
  }

  /**
   * The oldest run to merge: by the policy, or, if there are too many runs, the second youngest.
   */
  private int oldestToMerge() {
    int from = MergePolicy.oldestToMerge(runs.stream().mapToLong(Runs::count).toArray());
    return from == runs.size() && from >= files.maxRuns() ? from - 2 : from;
  }

  private static long count(Run run) {
    return run.name().count();
  }

  /**
   * Replaces the inputs of a finished merge with its result; the files of the inputs stay.
   *
   * @throws IOException if the merge failed
   */
  boolean installMerged() throws IOException {
    Merge finished = merge;
    if (finished == null || !finished.done()) {
      return false;
    }
    Run made = finished.take();
    merge = null;
    int from = runs.indexOf(runNumbered(finished.inputs().getFirst().number()));
    List<Run> replaced = runs.subList(from, from + finished.inputs().size());
    List<Run> inputs = List.copyOf(replaced);
    replaced.clear();
    runs.add(from, made);
    Closing.all(inputs);
    mergeIfWorthwhile();
    return true;
  }

  private Run runNumbered(long number) {
    return runs.stream().filter(run -> run.name().number() == number).findFirst().orElseThrow();
  }

  /** The files of the runs, including that of a running merge. */
  List<Path> files() {
    List<Path> paths = new ArrayList<>();
    runs.forEach(run -> paths.add(files.file(run.name().number())));
    if (merge != null) {
      paths.add(files.file(merge.number()));
    }
    return paths;
  }

  List<RunName> names() {
    return runs.stream().map(Run::name).toList();
  }

  long nextNumber() {
    return nextNumber;
  }

  long count() {
    return runs.stream().mapToLong(Runs::count).sum();
  }

  long memoryBytes() {
    long merging = merge == null ? 0 : merge.memoryBytes();
    return merging + runs.stream().mapToLong(Run::memoryBytes).sum();
  }

  long diskBytes() {
    return runs.stream().mapToLong(Run::diskBytes).sum();
  }

  /** Stops a merge and closes the files. */
  @Override
  public void close() throws IOException {
    if (merge != null) {
      merge.stop(PATIENCE);
      merge = null;
    }
    List<Run> open = List.copyOf(runs);
    runs.clear();
    Closing.all(open);
  }
}
