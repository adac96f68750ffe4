package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.it.web.LoggedWeb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The common part of the stop matrices: the choice of cells, the time limit, and the table of
 * results. {@code -Dsluice.seed} repeats the random cells; {@code -Dsluice.stop.cells} is a regular
 * expression for the names of the cells to run. Confined to the test's thread.
 */
final class StopMatrix {

  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

  private static final Pattern CELLS = Pattern.compile(System.getProperty("sluice.stop.cells", ""));

  /**
   * Time limit for each half of the matrix; cells that would begin later are skipped, with a
   * message.
   */
  private static final Duration HALF =
      Duration.ofMinutes(Long.getLong("sluice.stop.minutes", 8)).dividedBy(2);

  private final List<String> rows = new ArrayList<>();
  private int run;
  private int skipped;
  private int terms;
  private int sayWhatRests;
  private final Map<StopCell.Signal, Deadline> budgets = new EnumMap<>(StopCell.Signal.class);

  /** The requested cells of SIGTERM. */
  static Stream<StopCell> terms(int count, int requests) {
    return chosen(StopCells.terms(count, requests, new Random(SEED)));
  }

  /** The requested cells of SIGKILL. */
  static Stream<StopCell> kills(int count, int requests) {
    return chosen(StopCells.kills(count, requests, new Random(SEED)));
  }

  private static Stream<StopCell> chosen(List<StopCell> cells) {
    List<StopCell> chosen = new ArrayList<>(cells);
    chosen.removeIf(cell -> !CELLS.matcher(cell.toString()).find());
    Collections.shuffle(chosen, new Random(SEED)); // a slow machine may not reach the last cells
    return chosen.stream();
  }

  /** Skips the cell if the time for its half is over. */
  void skipIfLate(StopCell cell) {
    if (budgets.computeIfAbsent(cell.signal(), _ -> Deadline.in(HALF)).passed()) {
      skipped++;
      rows.add(cell + ": SKIPPED, the time for its half of the matrix is over");
      Assumptions.abort("the time for this half of the matrix is over: -Dsluice.stop.minutes");
    }
  }

  /** Runs a cell on a web that has not received any request yet, and checks the result. */
  void judge(StopCell cell, LoggedWeb web, Path dir) throws Exception {
    run++;
    StopResult result = StopRun.of(cell, web, dir);
    rows.add(result.row());
    result.meetsTheBars();
    if (cell.signal() == StopCell.Signal.TERM) {
      terms++;
      sayWhatRests += result.saysWhatRests() ? 1 : 0;
    }
  }

  /** Prints the results; fails if most cells were skipped, since the rest would prove little. */
  void printTheTable(String name) {
    System.out.println(name + ": -Dsluice.seed=" + SEED + " repeats the random cells");
    System.out.println(StopResult.HEAD);
    rows.forEach(System.out::println);
    assertThat(2 * sayWhatRests)
        .as("stops whose report says what rests in Redis, %s of %s", sayWhatRests, terms)
        .isGreaterThanOrEqualTo(terms);
    assertThat(skipped)
        .as("cells that were skipped, of %s", run + skipped)
        .isLessThanOrEqualTo(run);
  }
}
