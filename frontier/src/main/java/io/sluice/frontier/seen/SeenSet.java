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
 * The fingerprints of the URLs that a shard has seen: the recent ones in memory, the others in
 * {@link Run runs}, sorted files with an index of about 1.06 bytes per fingerprint in memory (twice
 * that for runs being merged).
 *
 * <p>A checkpoint stores {@link #runs}, {@link #nextNumber} and {@link #recent}, from which the set
 * is opened again. Changes by {@link #spill} and {@link #installMerged} take effect with the next
 * checkpoint, so the set deletes no file that a checkpoint may name. The writer of the checkpoint
 * syncs the directory and then deletes all files except the set's {@link #files}.
 *
 * <p>After an {@link IOException} the set can only be closed. Confined to its shard's thread;
 * merges run on the executor's thread.
 */
public final class SeenSet implements AutoCloseable {

  /** Default number of recent fingerprints at which a run is written. */
  public static final int RECENT_LIMIT = 1 << 18;

  /** Maximum number of fingerprints that {@link #prepare} looks up. */
  public static final int MAX_PREPARED = 1 << 17;

  private final int recentLimit;
  private final @Nullable Runs runs;
  private final LongOpenHashSet recent = new LongOpenHashSet();
  private final SeenCache cache = new SeenCache();
  private final Answers answers = new Answers();
  private final PageWindow window;
  private final BatchLookup lookup;
  private long recentSlots;

  /** The ledger's entry for the window, which is outside the heap; null without runs. */
  private final Ledger.@Nullable Entry buffer;

  private SeenSet(@Nullable Runs runs, Ledger.@Nullable Entry buffer, int recentLimit) {
    this.runs = runs;
    this.buffer = buffer;
    this.recentLimit = recentLimit;
    this.window = PageWindow.direct(runs == null ? 0 : PageWindow.PAGES);
    this.lookup = new BatchLookup(window);
  }

  /** An empty set that never spills and needs no closing. */
  public static SeenSet inMemory() {
    return new SeenSet(null, null, Integer.MAX_VALUE);
  }

  /**
   * Opens a set with the runs that a checkpoint names, each of which is read and verified; the
   * caller then adds the recent fingerprints. Writes nothing before the first {@link #spill}.
   *
   * @param merges runs merges one after the other; accepts every merge while the set is open
   * @param recentLimit number of recent fingerprints at which a run is written
   * @param names the runs, in the order of {@link #runs}
   * @param nextNumber the number of the next run; 1 in a new directory
   * @throws io.sluice.frontier.journal.DamagedFileException if a file is damaged
   */
  public static SeenSet open(
      SeenFiles files, Executor merges, int recentLimit, List<RunName> names, long nextNumber)
      throws IOException {
    Runs runs = Runs.open(files, merges, names, nextNumber);
    return new SeenSet(
        runs, files.ledger().enter(ResourceKind.BUFFER, "frontier.seen"), recentLimit);
  }

  /**
   * Adds a fingerprint that is in no run; returns false if it was already among the recent ones.
   */
  public boolean add(long fingerprint) {
    return recent.add(fingerprint);
  }

  /**
   * Whether a fingerprint is in the set. Reads one page of a run, occasionally several, unless the
   * fingerprint is recent, recently found, or prepared.
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
   * Looks up many fingerprints together, which is cheaper, and keeps the answers for {@link
   * #contains} until the next call. Fingerprints beyond {@value #MAX_PREPARED} are ignored.
   */
  public void prepare(long[] fingerprints, int count) throws IOException {
    if (allRuns().isEmpty()) {
      return;
    }
    int prepared = Math.min(count, MAX_PREPARED);
    answers.clear(prepared);
    lookup.begin(prepared);
    for (int i = 0; i < prepared; i++) {
      ask(fingerprints[i]);
    }
    lookup.sort();
    for (Run run : allRuns()) {
      lookup.through(run, this::found);
    }
    for (int i = 0; i < lookup.remaining(); i++) {
      answers.put(lookup.remaining(i), false);
    }
  }

  private void ask(long fingerprint) {
    if (cache.contains(fingerprint)) {
      answers.put(fingerprint, true);
    } else if (!recent.contains(fingerprint)) {
      lookup.add(fingerprint);
    }
  }

  private void found(long fingerprint) {
    answers.put(fingerprint, true);
    cache.put(fingerprint);
  }

  /** The number of fingerprints. */
  public long size() {
    return recent.size() + (runs == null ? 0 : runs.count());
  }

  /** Whether there are enough recent fingerprints, and few enough runs, to {@link #spill}. */
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
   * Writes the recent fingerprints to a new run, durable except for its directory entry, and starts
   * a merge if there are many runs. Does nothing if there are no recent fingerprints.
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
    // A fingerprint that was prepared as new may have been added since, and is now in a run.
    answers.clear(0);
  }

  /**
   * Replaces the inputs of a finished merge with its result. Call this each turn.
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

  /** The files of the runs, including that of a running merge; all other files may be deleted. */
  public List<Path> files() {
    return runs == null ? List.of() : runs.files();
  }

  /** The number of fingerprints that are not in any run yet. */
  public int recentCount() {
    return recent.size();
  }

  /**
   * Sizes the table for {@code count} recent fingerprints, which may be added in the order of
   * {@link #recent}.
   */
  public void expectRecent(int count) {
    // Filling a growing table in that order would take quadratic time.
    recent.ensureCapacity(count);
  }

  /** The fingerprints that are in no run, in no particular order. */
  public LongIterator recent() {
    return recent.iterator();
  }

  /** The set's memory in bytes, including a running merge. */
  public long memoryBytes() {
    long fixed = cache.memoryBytes() + window.memoryBytes();
    long batch = answers.memoryBytes() + lookup.memoryBytes();
    return fixed + batch + recentSlots() * Long.BYTES + (runs == null ? 0 : runs.memoryBytes());
  }

  /** Number of slots in the table of recent fingerprints, which never shrinks. */
  private long recentSlots() {
    return Math.max(recentSlots, HashCommon.arraySize(recent.size(), 0.75f));
  }

  /**
   * The size of the runs, in bytes; on disk they take up to twice that while a merge runs, and
   * until the next checkpoint.
   */
  public long diskBytes() {
    return runs == null ? 0 : runs.diskBytes();
  }

  private List<Run> allRuns() {
    return runs == null ? List.of() : runs.all();
  }

  /**
   * Stops a merge, waiting for at most 10 seconds, and closes the files. May be called at any time.
   */
  @Override
  public void close() throws IOException {
    try (buffer) {
      if (runs != null) {
        runs.close();
      }
    }
  }
}
