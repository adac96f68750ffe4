package io.sluice.frontier.credit;

import io.sluice.core.lease.VisitKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Divides the places for visits among the {@linkplain VisitKind kinds}, so that none of them can
 * block the others.
 *
 * <p>Each kind has a <em>part</em> of the places: visits to hosts in trouble have their bound,
 * which is never exceeded; first visits have an eighth of all; proven ones have the rest. A kind is
 * <em>owed</em> as many places of its part as it {@linkplain Demand recently wanted}, or all of its
 * part while a shard waits for one, minus those that it has. Within its part, a kind takes any free
 * place; beyond it, only places that the other kinds are not owed. In a broad crawl that has no
 * other visits, first visits thus use nearly all connections, but they leave proven visits as many
 * as those need; and proven visits never block first ones.
 *
 * <p>Guarded by the credit's monitor.
 */
final class VisitPlaces {

  /** One place in this many is for first visits, whatever the demand of the other kinds. */
  private static final int FIRST_PART = 8;

  /** With fewer places than this, any kind may use any place. */
  private static final int LEAST = 4;

  private static final VisitKind[] KINDS = VisitKind.values();

  private final Map<VisitKind, Share> shares = new EnumMap<>(VisitKind.class);
  private final int troubledMax;
  private final boolean sharesOut;

  private static final class Share {
    private final int part;
    private final Demand demand = new Demand();
    private int inFlight;

    /** Number of shards that are waiting for a place. */
    private int waiting;

    Share(int part) {
      this.part = part;
    }

    int owed() {
      return Math.max(0, (waiting > 0 ? part : Math.min(part, demand.recent())) - inFlight);
    }
  }

  /**
   * @param places maximum number of visits
   * @param troubledMax maximum number of visits to hosts in trouble
   */
  VisitPlaces(int places, int troubledMax) {
    this.troubledMax = Math.min(places, troubledMax);
    this.sharesOut = places >= LEAST;
    int first = Math.max(1, places / FIRST_PART);
    shares.put(VisitKind.PROVEN, new Share(Math.max(1, places - first - this.troubledMax)));
    shares.put(VisitKind.FIRST, new Share(first));
    shares.put(VisitKind.TROUBLED, new Share(this.troubledMax));
  }

  /** Whether a visit of the given kind may take one of the {@code free} places. */
  boolean mayTake(VisitKind kind, int free) {
    Share share = share(kind);
    if (kind == VisitKind.TROUBLED && share.inFlight >= troubledMax) {
      return false;
    }
    if (!sharesOut) {
      return free > 0;
    }
    return free > (share.inFlight < share.part ? 0 : owedToOthers(kind));
  }

  private int owedToOthers(VisitKind kind) {
    int owed = 0;
    for (VisitKind other : KINDS) {
      owed += other == kind ? 0 : share(other).owed();
    }
    return owed;
  }

  /** Records how many shards are waiting for a place of the given kind. */
  void waiting(VisitKind kind, int shards, long nowNanos) {
    Share share = share(kind);
    share.waiting = shards;
    share.demand.observe(share.inFlight + shards, nowNanos);
  }

  void begin(VisitKind kind, long nowNanos) {
    Share share = share(kind);
    share.inFlight++;
    share.demand.observe(share.inFlight, nowNanos);
  }

  void end(VisitKind kind) {
    share(kind).inFlight--;
  }

  int inFlight(VisitKind kind) {
    return share(kind).inFlight;
  }

  /** Whether each kind has a part of its own. Immutable. */
  boolean sharesOut() {
    return sharesOut;
  }

  int troubledMax() {
    return troubledMax;
  }

  private Share share(VisitKind kind) {
    return Objects.requireNonNull(shares.get(kind));
  }
}
