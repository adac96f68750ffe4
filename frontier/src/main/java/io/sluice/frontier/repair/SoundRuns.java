package io.sluice.frontier.repair;

import io.sluice.frontier.seen.RunCheck;
import io.sluice.frontier.seen.RunName;
import io.sluice.frontier.state.CheckpointReader;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Opens a state with the sound runs, and reports the others. Used once, on one thread. */
final class SoundRuns implements CheckpointReader.Opening {

  private final Consumer<String> problems;
  private int sound;
  private boolean someLost;

  /**
   * @param problems receives each damaged run, in one line
   */
  SoundRuns(Consumer<String> problems) {
    this.problems = problems;
  }

  @Override
  public ShardState open(ShardFiles files, List<RunName> runs, long nextRun) throws IOException {
    List<RunName> kept = new ArrayList<>(runs);
    RunCheck.dropUnreadable(files.seen(), kept, problems);
    sound = kept.size();
    someLost = sound < runs.size();
    return ShardState.open(
        files, kept, Math.max(nextRun, RunCheck.highest(files.directory(), files.ledger()) + 1));
  }

  /** The number of sound runs. */
  int sound() {
    return sound;
  }

  /** Whether any run is damaged. */
  boolean someLost() {
    return someLost;
  }
}
