package io.sluice.it;

import io.sluice.core.fault.KillPoint;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The point in a crawl's life at which a test kills or stops it. */
sealed interface KillSpot {

  /** When the web has answered {@code requests} requests; 0 means when the crawl logs anything. */
  record After(int requests) implements KillSpot {
    @Override
    public String toString() {
      return requests == 0 ? "at its start" : "after " + requests + " requests";
    }
  }

  /** When a thread reaches a kill point for the n-th time. */
  record At(KillPoint point, int arrival) implements KillSpot {
    @Override
    public String toString() {
      return point + ":" + arrival;
    }
  }

  /** A spot in a stop that SIGTERM requested after {@code requests} requests. */
  record InAStop(int requests, KillPoint point, int arrival) implements KillSpot {
    @Override
    public String toString() {
      return "stopping, " + point + ":" + arrival;
    }
  }

  /**
   * A spot in a second run, after all processes of the first run were killed while a fetched page
   * was not yet in Redis.
   */
  record InARestart(KillPoint point, int arrival) implements KillSpot {
    @Override
    public String toString() {
      return "restarting, " + point + ":" + arrival;
    }
  }

  /** The kill point of this spot; null for a point in time. */
  default @Nullable KillPoint named() {
    return switch (this) {
      case After _ -> null;
      case At at -> at.point();
      case InAStop in -> in.point();
      case InARestart in -> in.point();
    };
  }

  /** The kill points of the supervisor. */
  Set<KillPoint> IN_THE_SUPERVISOR =
      EnumSet.range(KillPoint.REDIS_STARTED, KillPoint.PARSERS_ENDED);

  /** The kill points of a parser; all others are in the fetcher. */
  Set<KillPoint> IN_A_PARSER = EnumSet.range(KillPoint.BATCH_READ, KillPoint.SEALED);
}
