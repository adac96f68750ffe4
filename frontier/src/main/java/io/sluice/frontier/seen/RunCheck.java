package io.sluice.frontier.seen;

import io.sluice.core.resource.Ledger;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Distinguishes sound runs from damaged ones. Stateless. */
public final class RunCheck {

  private RunCheck() {}

  /**
   * Removes from a list the runs that are missing or damaged; reads each from end to end.
   *
   * @param problems receives each problem, in one line
   */
  public static void dropUnreadable(SeenFiles files, List<RunName> runs, Consumer<String> problems)
      throws IOException {
    for (RunName name : List.copyOf(runs)) {
      try {
        Run.open(files, name).close();
      } catch (DamagedFileException e) {
        runs.remove(name);
        problems.accept(e.getMessage() + "; it had " + name.count() + " fingerprints");
      }
    }
  }

  /** The highest number of a run's file in a directory; 0 if there is none. */
  public static long highest(Path directory, Ledger ledger) throws IOException {
    long highest = 0;
    for (Path file : Directories.list(directory, ledger)) {
      highest = Math.max(highest, SeenFiles.number(file));
    }
    return highest;
  }
}
