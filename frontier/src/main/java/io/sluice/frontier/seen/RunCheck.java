package io.sluice.frontier.seen;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Tells runs that hold from others. Stateless. */
public final class RunCheck {

  private RunCheck() {}

  /**
   * Takes those runs off a list that are missing or damaged; each is read from end to end.
   *
   * @param problems is told of each, in one line
   */
  public static void dropUnreadable(SeenPlace place, List<RunName> runs, Consumer<String> problems)
      throws IOException {
    for (RunName name : List.copyOf(runs)) {
      try {
        Run.open(place, name).close();
      } catch (DamagedFileException e) {
        runs.remove(name);
        problems.accept(e.getMessage() + "; it had " + name.count() + " fingerprints");
      }
    }
  }

  /** The highest number of a run's file in a directory; 0 where there is none. */
  public static long highest(Path directory, Ledger ledger) throws IOException {
    long highest = 0;
    for (Path file : Directories.list(directory, ledger)) {
      highest = Math.max(highest, SeenPlace.number(file));
    }
    return highest;
  }
}
