package io.sluice.frontier.seen;

import io.sluice.frontier.journal.DamagedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
  public static long highest(Path directory) throws IOException {
    long highest = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        highest = Math.max(highest, SeenPlace.number(file));
      }
    }
    return highest;
  }
}
