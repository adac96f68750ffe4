package io.sluice.it;

import static io.sluice.core.fault.KillPoint.BATCH_READ;
import static io.sluice.core.fault.KillPoint.CHECKPOINT;
import static io.sluice.core.fault.KillPoint.CHECKPOINT_RENAMED;
import static io.sluice.core.fault.KillPoint.CHILDREN_STARTED;
import static io.sluice.core.fault.KillPoint.COMMITTED;
import static io.sluice.core.fault.KillPoint.FETCHED;
import static io.sluice.core.fault.KillPoint.FETCHER_ENDED;
import static io.sluice.core.fault.KillPoint.LEASED;
import static io.sluice.core.fault.KillPoint.OUTCOMES_READ;
import static io.sluice.core.fault.KillPoint.OUTCOME_JOURNALED;
import static io.sluice.core.fault.KillPoint.OUTPUT_SYNCED;
import static io.sluice.core.fault.KillPoint.PAGE_SENT;
import static io.sluice.core.fault.KillPoint.PARSERS_ENDED;
import static io.sluice.core.fault.KillPoint.PARSING;
import static io.sluice.core.fault.KillPoint.RECOVERING;
import static io.sluice.core.fault.KillPoint.REDIS_STARTED;
import static io.sluice.core.fault.KillPoint.SEALED;
import static io.sluice.it.StopCell.Target.ALL;
import static io.sluice.it.StopCell.Target.FETCHER;
import static io.sluice.it.StopCell.Target.HOLDER;
import static io.sluice.it.StopCell.Target.PARSER;
import static io.sluice.it.StopCell.Target.SUPERVISOR;

import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.it.KillSpot.After;
import io.sluice.it.KillSpot.At;
import io.sluice.it.KillSpot.InARestart;
import io.sluice.it.KillSpot.InAStop;
import io.sluice.it.StopCell.Target;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stop matrix: 30 crawls that are asked to stop and 30 that are killed, each at another point
 * of the hand-over or at a random time, each run again to its end and held against the log of the
 * server that was crawled. {@code -Dsluice.seed} repeats the random ones.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StopMatrixTest {

  private static final long SEED = Long.getLong("sluice.seed", System.nanoTime());

  /** Requests of a whole crawl of the web, robots.txt not counted; all pages, most of the rest. */
  private static final int REQUESTS = 200;

  private static final Pattern CELLS = Pattern.compile(System.getProperty("sluice.stop.cells", ""));

  /** Each half has so long; cells that find none of it left are skipped, and it is said. */
  private static final Duration HALF =
      Duration.ofMinutes(Long.getLong("sluice.stop.minutes", 8)).dividedBy(2);

  private final List<String> rows = new ArrayList<>();
  private final Map<StopCell.Signal, Deadline> budgets = new EnumMap<>(StopCell.Signal.class);

  /** SIGTERM: nothing lost, nothing asked twice, exit 0, nothing left open, in time. */
  static Stream<StopCell> terms() {
    List<StopCell> cells = new ArrayList<>();
    cells.add(StopCell.term(SUPERVISOR, new After(0)));
    cells.add(StopCell.term(SUPERVISOR, new At(REDIS_STARTED, 1)));
    cells.add(StopCell.term(SUPERVISOR, new At(CHILDREN_STARTED, 1)));
    cells.add(StopCell.term(SUPERVISOR, new At(CHECKPOINT, 2)));
    cells.add(StopCell.term(SUPERVISOR, new At(CHECKPOINT_RENAMED, 3)));
    cells.add(StopCell.term(SUPERVISOR, new InARestart(60, RECOVERING, 1)));
    addHandover(cells, StopCell::term, SUPERVISOR);
    for (KillPoint point : List.of(LEASED, PAGE_SENT, PARSING, OUTPUT_SYNCED, COMMITTED)) {
      cells.add(StopCell.term(HOLDER, new At(point, 4)));
    }
    // A second signal, which cuts the stop short.
    cells.add(StopCell.term(SUPERVISOR, new InAStop(80, CHECKPOINT, 5)));
    cells.add(StopCell.term(SUPERVISOR, new InAStop(90, FETCHER_ENDED, 1)));
    cells.add(StopCell.term(SUPERVISOR, new InAStop(100, PARSERS_ENDED, 1)));
    addRandom(cells, StopCell::term, new Random(SEED));
    return chosen(cells);
  }

  /** SIGKILL: nothing lost, nothing stored twice; only what was out is asked again. */
  static Stream<StopCell> kills() {
    List<StopCell> cells = new ArrayList<>();
    addHandover(cells, StopCell::kill, HOLDER);
    cells.add(StopCell.kill(HOLDER, new At(CHECKPOINT, 3)));
    cells.add(StopCell.kill(HOLDER, new At(CHECKPOINT_RENAMED, 2)));
    cells.add(StopCell.kill(HOLDER, new InAStop(80, CHECKPOINT, 6)));
    cells.add(StopCell.kill(HOLDER, new InARestart(60, RECOVERING, 1)));
    cells.add(StopCell.kill(SUPERVISOR, new At(REDIS_STARTED, 1)));
    cells.add(StopCell.kill(SUPERVISOR, new At(CHILDREN_STARTED, 1)));
    cells.add(StopCell.kill(SUPERVISOR, new InAStop(90, FETCHER_ENDED, 1)));
    cells.add(StopCell.kill(SUPERVISOR, new InAStop(100, PARSERS_ENDED, 1)));
    for (KillPoint point : List.of(PAGE_SENT, OUTCOME_JOURNALED, OUTPUT_SYNCED, COMMITTED)) {
      cells.add(StopCell.kill(ALL, new At(point, 5)));
    }
    cells.add(StopCell.kill(ALL, new InARestart(120, RECOVERING, 1)));
    cells.add(StopCell.kill(SUPERVISOR, new At(PARSING, 10)));
    addRandom(cells, StopCell::kill, new Random(SEED));
    return chosen(cells);
  }

  /** Makes a cell. */
  private interface Kind {
    StopCell of(Target target, KillSpot spot);
  }

  /** Each window between a lease and the end of its page. */
  private static void addHandover(List<StopCell> cells, Kind kind, Target target) {
    cells.add(kind.of(target, new At(LEASED, 10)));
    cells.add(kind.of(target, new At(FETCHED, 20)));
    cells.add(kind.of(target, new At(PAGE_SENT, 5)));
    cells.add(kind.of(target, new At(BATCH_READ, 3)));
    cells.add(kind.of(target, new At(PARSING, 15)));
    cells.add(kind.of(target, new At(OUTPUT_SYNCED, 3)));
    cells.add(kind.of(target, new At(COMMITTED, 3)));
    cells.add(kind.of(target, new At(SEALED, 1)));
    cells.add(kind.of(target, new At(OUTCOMES_READ, 3)));
    cells.add(kind.of(target, new At(OUTCOME_JOURNALED, 3)));
  }

  private static Stream<StopCell> chosen(List<StopCell> cells) {
    List<StopCell> chosen = new ArrayList<>(cells);
    chosen.removeIf(cell -> !CELLS.matcher(cell.toString()).find());
    Collections.shuffle(chosen, new Random(SEED)); // a slow machine does not reach the last ones
    return chosen.stream();
  }

  private static void addRandom(List<StopCell> cells, Kind kind, Random random) {
    for (Target target : List.of(SUPERVISOR, SUPERVISOR, SUPERVISOR, FETCHER, PARSER, PARSER)) {
      cells.add(kind.of(target, new After(1 + random.nextInt(REQUESTS))));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("terms")
  void aCrawlThatIsAskedToStopLosesNothingAndRepeatsNothing(
      StopCell cell, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path dir) throws Exception {
    judge(cell, dir);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kills")
  void aCrawlThatIsKilledLosesNothingAndStoresEachPageOnce(
      StopCell cell, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path dir) throws Exception {
    judge(cell, dir);
  }

  private void judge(StopCell cell, Path dir) throws Exception {
    if (budgets.computeIfAbsent(cell.signal(), _ -> Deadline.in(HALF)).passed()) {
      rows.add(cell + ": SKIPPED, the time for its half of the matrix is over");
      Assumptions.abort("the time for this half of the matrix is over: -Dsluice.stop.minutes");
    }
    StopResult result = StopRun.of(cell, dir);
    rows.add(result.row());
    result.meetsTheBars();
  }

  @AfterAll
  void printTheTable() {
    System.out.println("StopMatrixTest: -Dsluice.seed=" + SEED + " repeats the random cells");
    System.out.println(StopResult.HEAD);
    rows.forEach(System.out::println);
  }
}
