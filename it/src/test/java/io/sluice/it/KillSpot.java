package io.sluice.it;

import io.sluice.core.fault.KillPoint;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where in its life a crawl is hit. */
sealed interface KillSpot {

  /** As soon as the web has answered so many requests; 0: as soon as the crawl logs anything. */
  record After(int requests) implements KillSpot {
    @Override
    public String toString() {
      return requests == 0 ? "at its start" : "after " + requests + " requests";
    }
  }

  /** Where a thread reaches a point for the n-th time. */
  record At(KillPoint point, int arrival) implements KillSpot {
    @Override
    public String toString() {
      return point + ":" + arrival;
    }
  }

  /** The same in a stop that was asked for by SIGTERM after so many requests. */
  record InAStop(int requests, KillPoint point, int arrival) implements KillSpot {
    @Override
    public String toString() {
      return "stopping, " + point + ":" + arrival;
    }
  }

  /**
   * The same in a run that follows one whose processes were all killed with a page in hand: one
   * that was fetched, and that Redis does not have.
   */
  record InARestart(KillPoint point, int arrival) implements KillSpot {
    @Override
    public String toString() {
      return "restarting, " + point + ":" + arrival;
    }
  }

  /** The point that it is about; null for one in time only. */
  default @Nullable KillPoint named() {
    return switch (this) {
      case After _ -> null;
      case At at -> at.point();
      case InAStop in -> in.point();
      case InARestart in -> in.point();
    };
  }

  /** The processes that kill points are in. */
  Set<KillPoint> IN_THE_SUPERVISOR =
      EnumSet.range(KillPoint.REDIS_STARTED, KillPoint.PARSERS_ENDED);

  /** Those of a parser; all others are the fetcher's. */
  Set<KillPoint> IN_A_PARSER = EnumSet.range(KillPoint.BATCH_READ, KillPoint.SEALED);
}
