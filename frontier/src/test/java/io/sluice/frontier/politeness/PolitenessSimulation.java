package io.sluice.frontier.politeness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.VisitKind;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.governor.Governor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Visits to many hosts in virtual time, driven by one seed. Some hosts share domains or addresses,
 * in numbers that follow a power law. The simulation keeps its own account of the pauses,
 * independent of the schedule, and checks each visit against it.
 */
final class PolitenessSimulation {

  private static final long MILLI = 1_000_000;
  private static final int SHARDS = 4;
  private static final Set<VisitKind> EVERY_KIND = EnumSet.allOf(VisitKind.class);

  /** A host's clock, and the simulation's own account of the host. */
  private static final class Host extends HostClock {
    private final int number;
    private final int domainNumber;
    private final int addressNumber;
    private int first;
    private int last;
    private int inFlight;
    private long notBefore;
    private int domainTurns;
    private int addressTurns;
    private boolean slowed;

    Host(int number, int domain, int address, int urls) {
      this.number = number;
      this.domainNumber = domain;
      this.addressNumber = address;
      this.last = urls;
    }

    @Override
    public String name() {
      return "h" + number + ".d" + domainNumber + ".test";
    }

    @Override
    protected VisitKind visitKind() {
      return VisitKind.PROVEN;
    }

    @Override
    protected int visitsAllowed(int connections) {
      return connections;
    }

    @Override
    protected boolean hasWork() {
      return first < last;
    }
  }

  /** A domain or an address, shared by hosts. */
  private static final class Shared {
    private int hosts;
    private int inFlight;
    private int turns;
    private long notBefore;
  }

  /** A visit in progress, and the time of its next step. */
  private static final class Visit {
    private final Host host;
    private final LeaseId lease;
    private long at;
    private boolean admitted;

    Visit(Host host, LeaseId lease, long at) {
      this.host = host;
      this.lease = lease;
      this.at = at;
    }
  }

  private final Random random;
  private final TestConfig config = new TestConfig();
  private final int mostVisits;
  private final Shared[] domains;
  private final Shared[] addresses;
  private final Governor governor;
  private final List<HostSchedule<Host>> schedules = new ArrayList<>();
  private final BitSet woken = new BitSet();
  private final PriorityQueue<Visit> visits =
      new PriorityQueue<>((one, other) -> Long.compare(one.at, other.at));
  private final long[] lastReady = new long[SHARDS];
  private long now;
  private long sequence;
  private long left;
  private long made;
  private long refused;

  /**
   * @param urls maximum number of URLs of a host
   */
  PolitenessSimulation(long seed, int hosts, int urls) {
    random = new Random(seed);
    mostVisits = 1 + random.nextInt(1 + hosts / 20);
    config.delay = Duration.ofMillis(random.nextInt(1000));
    config.connectionsPerHost = 1 + random.nextInt(8) / 7;
    config.domain = pace();
    config.address = pace();
    domains = shared(hosts + hosts / 50 + 1);
    addresses = shared(hosts + hosts / 20 + 1);
    governor = new Governor(config.address, SHARDS, 0, () -> now, woken::set);
    for (int shard = 0; shard < SHARDS; shard++) {
      Governor asked = config.address.limits() ? governor : null;
      schedules.add(
          new HostSchedule<>(
              new Terms(config.build(), PolitenessSimulation::domainOf, asked), shard));
    }
    for (int number = 0; number < hosts; number++) {
      add(number, hosts, urls);
    }
  }

  private Pace pace() {
    return new Pace(Duration.ofMillis(100L * random.nextInt(4)), random.nextInt(3) + 1);
  }

  private static Shared[] shared(int count) {
    Shared[] all = new Shared[count];
    for (int i = 0; i < count; i++) {
      all[i] = new Shared();
    }
    return all;
  }

  private void add(int number, int hosts, int urls) {
    int domain = random.nextInt(10) < 3 ? hosts + powerLaw(hosts / 50) : number;
    int address = random.nextInt(10) < 5 ? hosts + powerLaw(hosts / 20) : number;
    Host host = new Host(number, domain, address, 1 + random.nextInt(urls));
    domains[domain].hosts++;
    addresses[address].hosts++;
    left += host.last;
    schedule(host).update(host, now);
  }

  private static long domainOf(String host) {
    return Long.parseLong(host, host.indexOf(".d") + 2, host.lastIndexOf('.'), 10);
  }

  private int powerLaw(int count) {
    return (int) (count * Math.pow(random.nextDouble(), 3));
  }

  /** Makes all visits; fails if a visit is too early, is made twice or is never made. */
  void run() {
    while (left > 0) {
      now = Math.max(now, nextTime());
      for (Visit visit = visits.peek(); visit != null && visit.at <= now; visit = visits.peek()) {
        goOn(visits.remove());
      }
      issue();
    }
    assertThat(governor.addresses()).as("addresses remembered").isLessThanOrEqualTo(made());
    now += config.address.delay().toNanos();
    governor.ask(0, Long.MAX_VALUE);
    assertThat(governor.addresses()).as("addresses after the last delay").isEqualTo(1);
  }

  /** Visits made. */
  int made() {
    return (int) made;
  }

  /** Visits that were refused because their address, unknown before, was not free. */
  long refused() {
    return refused;
  }

  private long nextTime() {
    long next = visits.isEmpty() ? Long.MAX_VALUE : visits.element().at;
    if (visits.size() < mostVisits) {
      for (HostSchedule<Host> schedule : schedules) {
        long until = schedule.untilNext(now, EVERY_KIND);
        next = until == Long.MAX_VALUE ? next : Math.min(next, now + until);
      }
    }
    assertThat(next).as("the next event, while %d URLs wait", left).isLessThan(Long.MAX_VALUE);
    return next;
  }

  /**
   * Issues what is due. A free place goes to the host that has been due for longest: otherwise a
   * host in a shard with much work would lose its turns at an address to hosts of other shards.
   */
  private void issue() {
    while (visits.size() < mostVisits) {
      woken.clear();
      Host host = firstDue();
      if (host != null) {
        issue(host);
      } else if (woken.isEmpty()) {
        return;
      }
    }
  }

  private @Nullable Host firstDue() {
    @Nullable Host first = null;
    int begin = random.nextInt(SHARDS);
    for (int i = 0; i < SHARDS; i++) {
      Host host = schedules.get((begin + i) % SHARDS).due(now, EVERY_KIND);
      if (host != null && (first == null || host.scheduledNanos() < first.scheduledNanos())) {
        first = host;
      }
    }
    return first;
  }

  private void issue(Host host) {
    HostSchedule<Host> schedule = schedule(host);
    LeaseId lease = new LeaseId(shard(host), ++sequence);
    schedule.take(host);
    schedule.begin(host, lease, now);
    begin(host, shard(host));
    schedule.update(host, now);
    visits.add(new Visit(host, lease, now + MILLI * random.nextInt(20)));
  }

  private void begin(Host host, int shard) {
    Shared domain = domains[host.domainNumber];
    check(now >= host.notBefore, "too early for its host", host);
    check(now >= domain.notBefore, "too early for its domain", host);
    check(++host.inFlight <= config.connectionsPerHost, "one too many for its host", host);
    check(++domain.inFlight <= config.domain.connections(), "one too many for its domain", host);
    host.first++;
    Shared address = addresses[host.addressNumber];
    if (domain.hosts == 1 && address.hosts == 1 && config.connectionsPerHost == 1) {
      long ready = Math.max(host.notBefore, Math.max(domain.notBefore, address.notBefore));
      // While it lacks credit, a host stays at its own time in the schedule, even if pauses of its
      // domain or address end later.
      long slack = Math.max(config.domain.delay().toNanos(), config.address.delay().toNanos());
      check(ready + slack >= lastReady[shard], "overtaken by one whose time came later", host);
      lastReady[shard] = Math.max(ready, lastReady[shard]);
    }
  }

  /** Takes the visit's next step: it requests its address, or it ends. */
  private void goOn(Visit visit) {
    Host host = visit.host;
    if (visit.admitted) {
      endAsked(visit);
    } else if (admitted(visit)) {
      ask(host);
      visit.admitted = true;
      visit.at = now + MILLI * (1 + random.nextInt(200));
      visits.add(visit);
    } else {
      refused++;
      host.first--; // its URL goes back to the head of the queue
      end(visit, -1);
    }
  }

  private boolean admitted(Visit visit) {
    return !config.address.limits()
        || governor.admit(visit.lease, address(visit.host.addressNumber));
  }

  private void ask(Host host) {
    Shared domain = domains[host.domainNumber];
    Shared address = addresses[host.addressNumber];
    check(now >= address.notBefore, "too early for its address", host);
    check(++address.inFlight <= config.address.connections(), "one too many for its address", host);
    domain.turns++;
    address.turns++;
    if (address.hosts > 1 && domain.hosts == 1 && !host.slowed) {
      checkTurns(address, address.turns - host.addressTurns, "address", host);
    }
    if (domain.hosts > 1 && address.hosts == 1 && !host.slowed) {
      checkTurns(domain, domain.turns - host.domainTurns, "domain", host);
    }
    host.slowed &= host.inFlight > 1; // a concurrent visit may have begun before the long pause
    host.domainTurns = domain.turns;
    host.addressTurns = address.turns;
    made++;
  }

  /**
   * Checks how many turns a host waits. Between two visits to a host, each other host may have two
   * visits while the first host is left alone and one while it waits, and as many again if the
   * host's own visit was refused at first. There may be more with concurrent visits, since the end
   * of one causes the refusal of another that has begun.
   */
  private void checkTurns(Shared shared, int turns, String what, Host host) {
    int sideBySide = config.connectionsPerHost * config.address.connections();
    int most = (4 * shared.hosts + 8) * sideBySide;
    check(
        turns <= most,
        turns + " turns of others at its " + what + ", not " + most + settings(),
        host);
  }

  private String settings() {
    return ", by %s, %d at a time, domain %s, address %s"
        .formatted(config.delay, config.connectionsPerHost, config.domain, config.address);
  }

  private void endAsked(Visit visit) {
    Host host = visit.host;
    long pause = config.delay.toNanos();
    if (random.nextInt(50) == 0) {
      host.slowed = true;
      pause += 3_000 * MILLI;
    }
    host.notBefore = Math.max(host.notBefore, now + pause);
    addresses[host.addressNumber].inFlight--;
    addresses[host.addressNumber].notBefore = now + config.address.delay().toNanos();
    domains[host.domainNumber].notBefore = now + config.domain.delay().toNanos();
    left--;
    end(visit, pause);
  }

  private void end(Visit visit, long pause) {
    visit.host.inFlight--;
    domains[visit.host.domainNumber].inFlight--;
    schedule(visit.host).end(visit.host, visit.lease, pause, now);
  }

  private HostSchedule<Host> schedule(Host host) {
    return schedules.get(shard(host));
  }

  private static int shard(Host host) {
    return host.domainNumber % SHARDS;
  }

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(0x0B000000 + number).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private void check(boolean holds, String what, Host host) {
    if (!holds) {
      throw new AssertionError("at " + now + ", a visit to " + host.name() + ": " + what);
    }
  }
}
