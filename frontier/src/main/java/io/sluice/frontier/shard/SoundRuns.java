package io.sluice.frontier.shard;

import io.sluice.frontier.seen.RunCheck;
import io.sluice.frontier.seen.RunName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Begins a state with those runs that hold, and tells of the others. Used once, on one thread. */
final class SoundRuns implements CheckpointReader.Opening {

  private final Consumer<String> problems;
  private int sound;
  private boolean someLost;

  /**
   * @param problems is told of each run that does not hold, in one line
   */
  SoundRuns(Consumer<String> problems) {
    this.problems = problems;
  }

  @Override
  public ShardState open(ShardPlace place, List<RunName> runs, long nextRun) throws IOException {
    List<RunName> kept = new ArrayList<>(runs);
    RunCheck.dropUnreadable(place.seen(), kept, problems);
    sound = kept.size();
    someLost = sound < runs.size();
    return ShardState.open(
        place, kept, Math.max(nextRun, RunCheck.highest(place.directory(), place.ledger()) + 1));
  }

  /** How many runs hold. */
  int sound() {
    return sound;
  }

  /** Whether there are others. */
  boolean someLost() {
    return someLost;
  }
}
