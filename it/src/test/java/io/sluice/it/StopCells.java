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
import static io.sluice.it.StopCell.Target.GROUP;
import static io.sluice.it.StopCell.Target.HOLDER;
import static io.sluice.it.StopCell.Target.PARSER;
import static io.sluice.it.StopCell.Target.SUPERVISOR;
import static io.sluice.it.StopCell.Target.TIMEOUT;

import io.sluice.core.fault.KillPoint;
import io.sluice.it.KillSpot.After;
import io.sluice.it.KillSpot.At;
import io.sluice.it.KillSpot.InARestart;
import io.sluice.it.KillSpot.InAStop;
import io.sluice.it.StopCell.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The cells of a stop matrix. Named cells, for points of the handover and of a process's life, are
 * added once, or as often as fits into two fifths of the matrix; the other cells are at random
 * times. Stateless.
 */
final class StopCells {

  /** Number of named cells in each half. */
  private static final int NAMED = 24;

  /**
   * Checkpoints of a crawl with one shard, numbered from 1: when the shard is created, opened and
   * stopped. When a crawl is run again, its first checkpoint is that of its recovery.
   */
  private static final int CREATED = 1;

  private static final int STOPPING = 3;

  private static final List<Target> OFTEN_ASKED =
      List.of(GROUP, ALL, TIMEOUT, FETCHER, PARSER, SUPERVISOR);

  private static final List<Target> OFTEN_KILLED =
      List.of(SUPERVISOR, SUPERVISOR, SUPERVISOR, FETCHER, PARSER, PARSER);

  private StopCells() {}

  /** Creates a cell. */
  private interface Kind {
    StopCell of(Target target, KillSpot spot);
  }

  /**
   * Returns cells of SIGTERM.
   *
   * @param count number of cells, at least {@value #NAMED}
   * @param requests approximate number of requests of a whole crawl; random cells stop it earlier
   */
  static List<StopCell> terms(int count, int requests, Random random) {
    List<StopCell> cells = new ArrayList<>();
    for (int round = 0; round < rounds(count); round++) {
      cells.add(StopCell.term(SUPERVISOR, new After(0)));
      cells.add(StopCell.term(SUPERVISOR, new At(REDIS_STARTED, 1)));
      cells.add(StopCell.term(SUPERVISOR, new At(CHILDREN_STARTED, 1)));
      cells.add(StopCell.term(SUPERVISOR, new At(CHECKPOINT, CREATED)));
      cells.add(StopCell.term(SUPERVISOR, new InARestart(CHECKPOINT_RENAMED, 1)));
      cells.add(StopCell.term(SUPERVISOR, new InARestart(RECOVERING, 1)));
      addHandover(cells, StopCell::term, SUPERVISOR, round);
      for (KillPoint point : List.of(LEASED, PAGE_SENT, PARSING, OUTPUT_SYNCED, COMMITTED)) {
        cells.add(StopCell.term(HOLDER, new At(point, 4 + round)));
      }
      // second signals, which cut the stop short
      cells.add(StopCell.term(SUPERVISOR, new InAStop(80, CHECKPOINT, STOPPING)));
      cells.add(StopCell.term(SUPERVISOR, new InAStop(90, FETCHER_ENDED, 1)));
      cells.add(StopCell.term(SUPERVISOR, new InAStop(100, PARSERS_ENDED, 1)));
    }
    return filledUp(cells, StopCell::term, OFTEN_ASKED, count, requests, random);
  }

  /** Returns cells of SIGKILL; the parameters are those of {@link #terms}. */
  static List<StopCell> kills(int count, int requests, Random random) {
    List<StopCell> cells = new ArrayList<>();
    for (int round = 0; round < rounds(count); round++) {
      addHandover(cells, StopCell::kill, HOLDER, round);
      cells.add(StopCell.kill(HOLDER, new InARestart(CHECKPOINT, 1)));
      cells.add(StopCell.kill(HOLDER, new InAStop(80, CHECKPOINT_RENAMED, STOPPING)));
      cells.add(StopCell.kill(HOLDER, new InAStop(80, CHECKPOINT, STOPPING)));
      cells.add(StopCell.kill(HOLDER, new InARestart(RECOVERING, 1)));
      cells.add(StopCell.kill(SUPERVISOR, new At(REDIS_STARTED, 1)));
      cells.add(StopCell.kill(SUPERVISOR, new At(CHILDREN_STARTED, 1)));
      cells.add(StopCell.kill(SUPERVISOR, new InAStop(90, FETCHER_ENDED, 1)));
      cells.add(StopCell.kill(SUPERVISOR, new InAStop(100, PARSERS_ENDED, 1)));
      for (KillPoint point : List.of(PAGE_SENT, OUTCOME_JOURNALED, OUTPUT_SYNCED, COMMITTED)) {
        cells.add(StopCell.kill(ALL, new At(point, 5 + round)));
      }
      cells.add(StopCell.kill(ALL, new InARestart(CHECKPOINT_RENAMED, 1)));
      cells.add(StopCell.kill(SUPERVISOR, new At(PARSING, 10 + round)));
    }
    return filledUp(cells, StopCell::kill, OFTEN_KILLED, count, requests, random);
  }

  private static int rounds(int count) {
    return Math.max(1, count * 2 / 5 / NAMED);
  }

  /** Adds a cell for each kill point between a lease and the end of its page. */
  private static void addHandover(List<StopCell> cells, Kind kind, Target target, int round) {
    cells.add(kind.of(target, new At(LEASED, 10 + round)));
    cells.add(kind.of(target, new At(FETCHED, 20 + round)));
    cells.add(kind.of(target, new At(PAGE_SENT, 5 + round)));
    cells.add(kind.of(target, new At(BATCH_READ, 3 + round)));
    cells.add(kind.of(target, new At(PARSING, 15 + round)));
    cells.add(kind.of(target, new At(OUTPUT_SYNCED, 3 + round)));
    cells.add(kind.of(target, new At(COMMITTED, 3 + round)));
    cells.add(kind.of(target, new At(SEALED, 1)));
    cells.add(kind.of(target, new At(OUTCOMES_READ, 3 + round)));
    cells.add(kind.of(target, new At(OUTCOME_JOURNALED, 3 + round)));
  }

  private static List<StopCell> filledUp(
      List<StopCell> cells,
      Kind kind,
      List<Target> targets,
      int count,
      int requests,
      Random random) {
    while (cells.size() < count) {
      Target target = targets.get(cells.size() % targets.size());
      cells.add(kind.of(target, new After(1 + random.nextInt(requests))));
    }
    return cells;
  }
}
