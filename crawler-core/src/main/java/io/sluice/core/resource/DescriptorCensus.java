package io.sluice.core.resource;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;

/**
 * Counts the process's descriptors by owner: the ledger is asked first, by descriptor number, then
 * the {@link DescriptorRules}. What was open when the census was made, before any part of the
 * process, and is nobody's by those, was inherited: it counts as <i>other</i>. So make it first.
 *
 * <p>A descriptor is an instant older than its entry in the ledger, or outlives it by one: what
 * seems unattributed or phantom is looked at a second time before it is said to be.
 *
 * <p>Without {@code /proc} only the total and the limit are known. Thread-safe: one count at a
 * time, under a lock.
 */
public final class DescriptorCensus {

  private static final long SECOND_LOOK_NANOS = Duration.ofMillis(2).toNanos();

  private final Path proc;
  private final ProcFd kernel;
  private final Ledger ledger;
  private final DescriptorRules rules;
  private final Duration freshFor;
  private final Clock clock;
  private final Map<Integer, String> inherited;
  private final Census atStart;
  private final Object lock = new Object();

  /** What the tables told of sockets, by link target; closed ones go at times. Under the lock. */
  private final Map<String, ResourceKind> knownSockets = new HashMap<>();

  private volatile Census latest;

  /**
   * A census of this process.
   *
   * @param ledger whose entries' descriptor numbers tell owners
   * @param rules what else tells them; rules may still be added
   * @param freshFor how long a count is good enough for {@link #recent}
   */
  public DescriptorCensus(Ledger ledger, DescriptorRules rules, Duration freshFor) {
    this(Path.of("/proc/self"), ledger, rules, freshFor, Clock.systemUTC());
  }

  DescriptorCensus(
      Path proc, Ledger ledger, DescriptorRules rules, Duration freshFor, Clock clock) {
    this.proc = proc;
    this.kernel = new ProcFd(proc);
    this.ledger = ledger;
    this.rules = rules;
    this.freshFor = freshFor;
    this.clock = clock;
    openWhatTheJvmNeverCloses();
    Map<Integer, String> links = kernel.read();
    this.inherited = links == null ? Map.of() : Map.copyOf(links);
    this.atStart = count();
    this.latest = atStart;
  }

  /** The count made with the census itself, before the process opened anything. */
  public Census atStart() {
    return atStart;
  }

  /** The latest count if it is fresh, else a new one. For scrapes. */
  public Census recent() {
    Census seen = latest;
    return seen.at().plus(freshFor).isAfter(clock.instant()) ? seen : now();
  }

  /** A new count; some milliseconds for 1,000 descriptors. */
  public Census now() {
    synchronized (lock) {
      Census counted = count();
      latest = counted;
      return counted;
    }
  }

  private Census count() {
    Map<Integer, Ledger.Entry> claims = claims();
    Map<Integer, String> links = kernel.read();
    if (links == null) {
      return totalOnly();
    }
    Map<Integer, ResourceKind> kinds = attribute(links, claims);
    List<Ledger.Entry> phantoms = new ArrayList<>(claims.values());
    phantoms.removeIf(claim -> links.containsKey(claim.descriptor()));
    if (kinds.containsValue(ResourceKind.UNATTRIBUTED) || !phantoms.isEmpty()) {
      LockSupport.parkNanos(SECOND_LOOK_NANOS);
      lookAgain(links, kinds, phantoms);
    }
    if (knownSockets.size() > links.size()) {
      knownSockets.keySet().retainAll(new HashSet<>(links.values()));
    }
    return census(links, kinds, phantoms);
  }

  /** Leaves out what was opened, closed, entered or struck in the very moment of the first look. */
  private void lookAgain(
      Map<Integer, String> links, Map<Integer, ResourceKind> kinds, List<Ledger.Entry> phantoms) {
    Map<Integer, Ledger.Entry> claims = claims();
    phantoms.removeIf(
        claim ->
            !claim.equals(claims.get(claim.descriptor()))
                || kernel.target(claim.descriptor()) != null);
    Map<Integer, String> strays = new HashMap<>(links);
    strays.keySet().removeIf(fd -> kinds.get(fd) != ResourceKind.UNATTRIBUTED);
    strays.entrySet().removeIf(stray -> !stray.getValue().equals(kernel.target(stray.getKey())));
    kinds.values().removeIf(kind -> kind == ResourceKind.UNATTRIBUTED);
    kinds.putAll(attribute(strays, claims));
  }

  private Map<Integer, ResourceKind> attribute(
      Map<Integer, String> links, Map<Integer, Ledger.Entry> claims) {
    Map<Integer, ResourceKind> kinds = HashMap.newHashMap(links.size());
    List<Integer> sockets = new ArrayList<>();
    links.forEach(
        (descriptor, target) -> {
          Ledger.Entry claim = claims.get(descriptor);
          if (claim != null) {
            kinds.put(descriptor, claim.kind());
          } else if (target.startsWith("socket:")) {
            sockets.add(descriptor);
          } else {
            kinds.put(descriptor, orInherited(rules.ofFile(target), descriptor, target));
          }
        });
    attributeSockets(sockets, links, kinds);
    return kinds;
  }

  /** The kernel's tables may be long: they are read only for a socket that is new and unclaimed. */
  private void attributeSockets(
      List<Integer> sockets, Map<Integer, String> links, Map<Integer, ResourceKind> kinds) {
    ProcNet tables = null;
    for (Integer descriptor : sockets) {
      String target = links.getOrDefault(descriptor, "");
      ResourceKind kind = knownSockets.get(target);
      if (kind == null) {
        tables = tables == null ? ProcNet.read(proc) : tables;
        kind = orInherited(rules.ofSocket(tables.socket(inode(target))), descriptor, target);
      }
      if (kind != ResourceKind.UNATTRIBUTED) {
        knownSockets.put(target, kind);
      }
      kinds.put(descriptor, kind);
    }
  }

  private ResourceKind orInherited(ResourceKind kind, Integer descriptor, String target) {
    return kind == ResourceKind.UNATTRIBUTED && target.equals(inherited.get(descriptor))
        ? ResourceKind.OTHER
        : kind;
  }

  private Map<Integer, Ledger.Entry> claims() {
    Map<Integer, Ledger.Entry> claims = new HashMap<>();
    for (Ledger.Entry entry : ledger.entries()) {
      if (entry.descriptor() != Ledger.NO_DESCRIPTOR) {
        claims.put(entry.descriptor(), entry);
      }
    }
    return claims;
  }

  private Census census(
      Map<Integer, String> links, Map<Integer, ResourceKind> kinds, List<Ledger.Entry> phantoms) {
    Map<ResourceKind, Integer> byKind = new EnumMap<>(ResourceKind.class);
    List<String> strays = new ArrayList<>();
    kinds.forEach(
        (descriptor, kind) -> {
          byKind.merge(kind, 1, Integer::sum);
          if (kind == ResourceKind.UNATTRIBUTED && strays.size() < Census.MAX_LISTED) {
            strays.add(descriptor + " " + links.get(descriptor));
          }
        });
    return new Census(
        clock.instant(),
        true,
        byKind,
        OptionalInt.of(kinds.size()),
        kernel.limit(),
        strays,
        phantoms.stream().limit(Census.MAX_LISTED).map(Object::toString).toList(),
        phantoms.size());
  }

  private Census totalOnly() {
    OptionalInt total = OptionalInt.empty();
    OptionalInt limit = OptionalInt.empty();
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      total = known(unix.getOpenFileDescriptorCount());
      limit = known(unix.getMaxFileDescriptorCount());
    }
    return new Census(clock.instant(), false, Map.of(), total, limit, List.of(), List.of(), 0);
  }

  /** Some systems say -1 for "unknown" and a huge number for "unlimited". */
  private static OptionalInt known(long count) {
    return count < 0 || count > Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of((int) count);
  }

  private static long inode(String target) {
    return Long.parseLong(target, target.indexOf('[') + 1, target.indexOf(']'), 10);
  }

  /** The first socket of a JVM brings along one that stays open: the JDK's stand-in on close. */
  private static void openWhatTheJvmNeverCloses() {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException("no socket can be opened", e);
    }
  }
}
