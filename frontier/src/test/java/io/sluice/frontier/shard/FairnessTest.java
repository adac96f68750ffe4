package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.credit.Credit;
import io.sluice.frontier.hold.FirstVisit;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.politeness.HostClock;
import io.sluice.frontier.politeness.HostSchedule;
import io.sluice.frontier.politeness.Terms;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The schedule of a shard and its credit in virtual time, with hosts that answer, hosts that do
 * not, and hosts known to be in trouble, mixed at random. In any mixture, a host waits no longer
 * than the visits to earlier hosts of its kind take in the kind's part of the places.
 */
class FairnessTest {

  private static final int PLACES = 256;
  private static final int TROUBLED = 32;
  private static final int FIRST = 32;
  private static final long MILLI = 1_000_000;
  private static final long ANSWER = 200 * MILLI;
  private static final long SILENCE = 10_000 * MILLI;

  private static final class Host extends HostClock {
    private final boolean answers;
    private VisitKind kind;
    private int urls;

    Host(boolean answers, VisitKind kind, int urls) {
      this.answers = answers;
      this.kind = kind;
      this.urls = urls;
    }

    @Override
    public String name() {
      return "h.test";
    }

    @Override
    protected VisitKind visitKind() {
      return kind;
    }

    @Override
    protected boolean hasWork() {
      return urls > 0;
    }

    @Override
    protected int visitsAllowed(int connections) {
      return connections;
    }
  }

  private record Visit(Host host, VisitKind kind, LeaseId lease, long endsAt) {}

  private final TestConfig config = new TestConfig();
  private final FirstVisit firstVisit = new FirstVisit(Duration.ofNanos(SILENCE));
  private final HostSchedule<Host> schedule =
      new HostSchedule<>(new Terms(config.build(), _ -> 0, null), 0);
  private final Credit credit =
      new Credit(new Credit.Limits(PLACES, 1 << 20, 1 << 20, 0, TROUBLED), 1, _ -> {});
  private final PriorityQueue<Visit> visits =
      new PriorityQueue<>((one, other) -> Long.compare(one.endsAt(), other.endsAt()));
  private final Map<VisitKind, LongArrayList> begun = new EnumMap<>(VisitKind.class);
  private final Set<VisitKind> withCredit = EnumSet.noneOf(VisitKind.class);
  private long now;
  private long sequence;

  @ParameterizedTest(name = "{0} hosts: {1}% answer, {2}% were in trouble before")
  @CsvSource({
    "1000000, 95, 1",
    "20000, 100, 0",
    "20000, 50, 0",
    "20000, 1, 0",
    "20000, 0, 0",
    "20000, 50, 50",
    "20000, 5, 90",
  })
  void noHostWaitsLongerThanItsTurn(int hosts, int answering, int troubled) {
    credit.open();
    for (VisitKind kind : VisitKind.values()) {
      begun.put(kind, new LongArrayList());
    }
    Random random = new Random(hosts + answering);
    long left = 0;
    for (int i = 0; i < hosts; i++) {
      boolean answers = random.nextInt(100) < answering;
      VisitKind kind = random.nextInt(100) < troubled ? VisitKind.TROUBLED : VisitKind.FIRST;
      Host host = new Host(answers, kind, 1 + random.nextInt(3));
      left += host.urls;
      schedule.update(host, random.nextInt(1000) * MILLI);
    }
    long visited = 0;
    for (issue(); step(); issue()) {
      Visit ended = visits.peek();
      if (ended != null && ended.endsAt() <= now) {
        visits.remove();
        end(ended);
        visited++;
      }
    }
    assertThat(visited).isEqualTo(left);
  }

  /**
   * The worst order of seeds: every dead host is visited first. Afterwards each is in trouble, and
   * is visited again concurrently with the others.
   */
  @ParameterizedTest(name = "{0} dead hosts: within {1}")
  @CsvSource({"200, 10s", "2000, 40s", "10000, 120s"})
  void aHostBehindDeadOnesIsVisitedOnceTheseHadTheLeastOfTheirTime(int dead, String bound) {
    credit.open();
    for (VisitKind kind : VisitKind.values()) {
      begun.put(kind, new LongArrayList());
    }
    for (int i = 0; i < dead; i++) {
      schedule.update(new Host(false, VisitKind.FIRST, 2), 0);
    }
    Host fast = new Host(true, VisitKind.FIRST, 1);
    schedule.update(fast, 0);
    for (issue(); fast.hasWork() && step(); issue()) {
      endThoseThatAreOver();
    }
    assertThat(Duration.ofNanos(now)).isLessThanOrEqualTo(Duration.parse("PT" + bound));
  }

  private void endThoseThatAreOver() {
    for (Visit next = visits.peek(); next != null && next.endsAt() <= now; next = visits.peek()) {
      visits.remove();
      end(next);
    }
  }

  /**
   * Continues to the end of a visit or to a host for which there is credit; returns false if there
   * is neither.
   */
  private boolean step() {
    Visit visit = visits.peek();
    long untilHost = schedule.untilNext(now, withCredit);
    long untilEnd = visit == null ? Long.MAX_VALUE : visit.endsAt() - now;
    long until = Math.min(untilHost, untilEnd);
    now += until == Long.MAX_VALUE ? 0 : until;
    return until != Long.MAX_VALUE;
  }

  private void issue() {
    withCredit.addAll(EnumSet.allOf(VisitKind.class));
    for (Host host = due(); host != null; host = due()) {
      if (credit.take(0, host.kind, 0, now)) {
        begin(host);
      } else {
        withCredit.remove(host.kind);
      }
    }
  }

  /** Like the issuer, takes proven hosts first. */
  private @Nullable Host due() {
    Host proven =
        withCredit.contains(VisitKind.PROVEN)
            ? schedule.due(now, EnumSet.of(VisitKind.PROVEN))
            : null;
    return proven == null ? schedule.due(now, withCredit) : proven;
  }

  private void begin(Host host) {
    VisitKind kind = host.kind;
    LongArrayList before = Objects.requireNonNull(begun.get(kind));
    long waited = now - host.scheduledNanos();
    // First the places that other kinds borrowed are returned; then each turn of the kind's own
    // places takes this long.
    long bound = SILENCE + own(kind) * (2 + sinceReady(before, host) / part(kind));
    if (waited > bound) {
      assertThat(Duration.ofNanos(waited))
          .as("%s", kind)
          .isLessThanOrEqualTo(Duration.ofNanos(bound));
    }
    before.add(now);
    schedule.take(host);
    LeaseId lease = new LeaseId(0, ++sequence);
    host.urls--;
    schedule.begin(host, lease, now);
    visits.add(new Visit(host, kind, lease, now + (host.answers ? ANSWER : silence(kind))));
    schedule.update(host, now);
  }

  private long silence(VisitKind kind) {
    if (kind != VisitKind.FIRST) {
      return SILENCE;
    }
    int untried = schedule.waiting(VisitKind.FIRST);
    Duration patience =
        firstVisit.firstByte(HostState.First.STATE, untried, credit.placesOfAShard(0));
    return Objects.requireNonNull(patience).toNanos();
  }

  /** Visits of the kind that began since the host was ready. */
  private static int sinceReady(LongArrayList begun, Host host) {
    int low = 0;
    int high = begun.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (begun.getLong(middle) < host.scheduledNanos()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return begun.size() - low;
  }

  private static long own(VisitKind kind) {
    return kind == VisitKind.PROVEN ? ANSWER : SILENCE;
  }

  private static int part(VisitKind kind) {
    return switch (kind) {
      case PROVEN -> PLACES - FIRST - TROUBLED;
      case FIRST -> FIRST;
      case TROUBLED -> TROUBLED;
    };
  }

  private void end(Visit visit) {
    credit.visited(visit.kind());
    credit.release(0, visit.kind(), 0, true);
    Host host = visit.host();
    host.kind = host.answers ? VisitKind.PROVEN : VisitKind.TROUBLED;
    schedule.stateChanged(host);
    schedule.end(host, visit.lease(), 1000 * MILLI, now);
  }
}
