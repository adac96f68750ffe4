package io.sluice.frontier.seen;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import it.unimi.dsi.fastutil.HashCommon;
import it.unimi.dsi.fastutil.longs.LongIterator;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of a shard: the recent ones in memory, the others in {@link Run runs}, sorted
 * files of which some 1.06 bytes a fingerprint are in memory (twice that of the runs being merged).
 *
 * <p>A checkpoint keeps {@link #runs}, {@link #nextNumber} and {@link #recent}; from these the set
 * is opened again. What {@link #spill} and {@link #installMerged} change counts with the next
 * checkpoint, so no file is deleted here that a checkpoint may name: whoever writes it syncs the
 * directory and afterwards deletes all but its {@link #files}.
 *
 * <p>After an {@link IOException} the set is only to be closed. Confined to its shard's thread;
 * merges run where the executor has them run.
 */
public final class SeenSet implements AutoCloseable {

  /** How many recent fingerprints make a run, unless told otherwise. */
  public static final int RECENT_LIMIT = 1 << 18;

  /** What {@link #prepare} takes at most. */
  public static final int MAX_PREPARED = 1 << 17;

  private final int recentLimit;
  private final @Nullable Runs runs;
  private final LongOpenHashSet recent = new LongOpenHashSet();
  private final SeenCache cache = new SeenCache();
  private final Answers answers = new Answers();
  private final PageWindow window;
  private final Sweep sweep;
  private long recentSlots;

  /** Of the window, which is memory outside of the heap; null without runs. */
  private final Ledger.@Nullable Entry buffer;

  private SeenSet(@Nullable Runs runs, Ledger.@Nullable Entry buffer, int recentLimit) {
    this.runs = runs;
    this.buffer = buffer;
    this.recentLimit = recentLimit;
    this.window = PageWindow.direct(runs == null ? 0 : PageWindow.PAGES);
    this.sweep = new Sweep(window);
  }

  /** An empty set that never spills and needs no closing. */
  public static SeenSet inMemory() {
    return new SeenSet(null, null, Integer.MAX_VALUE);
  }

  /**
   * Opens a set with the runs that a checkpoint names, each read whole and verified; its recent
   * fingerprints are to be added. Writes nothing before the first {@link #spill}.
   *
   * @param merges runs merges one after the other; refuses none while the set is open
   * @param recentLimit how many recent fingerprints are worth a spill
   * @param names the runs, in the order of {@link #runs}
   * @param nextNumber of the next run; 1 in a new directory
   * @throws io.sluice.frontier.journal.DamagedFileException if a file is not what was written
   */
  public static SeenSet open(
      SeenPlace place, Executor merges, int recentLimit, List<RunName> names, long nextNumber)
      throws IOException {
    Runs runs = Runs.open(place, merges, names, nextNumber);
    return new SeenSet(
        runs, place.ledger().enter(ResourceKind.BUFFER, "frontier.seen"), recentLimit);
  }

  /** Adds a fingerprint that is in no run; false if it is among the recent ones. */
  public boolean add(long fingerprint) {
    return recent.add(fingerprint);
  }

  /**
   * Whether a fingerprint is there. Reads a page of a run, now and then of several, unless the
   * fingerprint is recent, found of late, or prepared.
   */
  public boolean contains(long fingerprint) throws IOException {
    if (recent.contains(fingerprint)) {
      return true;
    }
    int answer = answers.find(fingerprint);
    if (answer >= 0) {
      return answers.seen(answer);
    }
    return cache.contains(fingerprint) || lookUp(fingerprint);
  }

  private boolean lookUp(long fingerprint) throws IOException {
    for (Run run : allRuns()) {
      if (run.contains(fingerprint, window)) {
        cache.put(fingerprint);
        return true;
      }
    }
    return false;
  }

  /**
   * Looks up many fingerprints together, which costs less, and keeps the answers for {@link
   * #contains} until the next call. Of more than {@value #MAX_PREPARED} the rest is left alone.
   */
  public void prepare(long[] fingerprints, int count) throws IOException {
    if (allRuns().isEmpty()) {
      return;
    }
    int prepared = Math.min(count, MAX_PREPARED);
    answers.clear(prepared);
    sweep.begin(prepared);
    for (int i = 0; i < prepared; i++) {
      ask(fingerprints[i]);
    }
    sweep.sort();
    for (Run run : allRuns()) {
      sweep.through(run, this::found);
    }
    for (int i = 0; i < sweep.remaining(); i++) {
      answers.put(sweep.remaining(i), false);
    }
  }

  private void ask(long fingerprint) {
    if (cache.contains(fingerprint)) {
      answers.put(fingerprint, true);
    } else if (!recent.contains(fingerprint)) {
      sweep.add(fingerprint);
    }
  }

  private void found(long fingerprint) {
    answers.put(fingerprint, true);
    cache.put(fingerprint);
  }

  /** How many there are. */
  public long size() {
    return recent.size() + (runs == null ? 0 : runs.count());
  }

  /**
   * Whether the recent fingerprints are many enough, and the runs few enough, to {@link #spill}.
   */
  public boolean worthSpill() {
    return runs != null && recent.size() >= recentLimit && runs.room();
  }

  /** {@link #spill Spills} unless there are too many runs already. */
  public void spillIfRoom() throws IOException {
    if (runs != null && runs.room()) {
      spill();
    }
  }

  /**
   * Makes a run of the recent fingerprints, durable but for its name, and has runs merged if they
   * are many. Does nothing if none is recent.
   *
   * @throws IOException also if a merge failed
   */
  public void spill() throws IOException {
    if (runs == null) {
      throw new IllegalStateException("a set in memory does not spill");
    }
    runs.installMerged();
    if (recent.isEmpty()) {
      return;
    }
    long[] keys = recent.toLongArray();
    Arrays.sort(keys);
    runs.spill(keys);
    recentSlots = recentSlots();
    recent.clear();
    // What was prepared as new may have been added since, and is not recent any more.
    answers.clear(0);
  }

  /**
   * Puts a finished merge's run in the place of the runs it was made of. Call it each turn.
   *
   * @return whether {@link #runs} changed
   * @throws IOException if a merge failed
   */
  public boolean installMerged() throws IOException {
    return runs != null && runs.installMerged();
  }

  /** The runs, oldest first. */
  public List<RunName> runs() {
    return runs == null ? List.of() : runs.names();
  }

  /** The number of the next run. */
  public long nextNumber() {
    return runs == null ? 1 : runs.nextNumber();
  }

  /** The files of the runs, that of a running merge included; all others may go. */
  public List<Path> files() {
    return runs == null ? List.of() : runs.files();
  }

  /** How many fingerprints are in no run. */
  public int recentCount() {
    return recent.size();
  }

  /** So many recent fingerprints will be added, maybe in the order in which {@link #recent} is. */
  public void expectRecent(int count) {
    // In that order a table that grows as it fills takes time in the square of the count.
    recent.ensureCapacity(count);
  }

  /** The fingerprints that are in no run, in no order. */
  public LongIterator recent() {
    return recent.iterator();
  }

  /** What the set takes in memory, a running merge included. */
  public long memoryBytes() {
    long fixed = cache.memoryBytes() + window.memoryBytes();
    long batch = answers.memoryBytes() + sweep.memoryBytes();
    return fixed + batch + recentSlots() * Long.BYTES + (runs == null ? 0 : runs.memoryBytes());
  }

  /** The table of the recent fingerprints keeps the size it once needed. */
  private long recentSlots() {
    return Math.max(recentSlots, HashCommon.arraySize(recent.size(), 0.75f));
  }

  /** What the runs take on disk; while a merge runs, and up to the next checkpoint, twice that. */
  public long diskBytes() {
    return runs == null ? 0 : runs.diskBytes();
  }

  private List<Run> allRuns() {
    return runs == null ? List.of() : runs.all();
  }

  /** Stops a merge, waiting 10 seconds at most, and closes the files. Legal at any time. */
  @Override
  public void close() throws IOException {
    try (buffer) {
      if (runs != null) {
        runs.close();
      }
    }
  }
}
