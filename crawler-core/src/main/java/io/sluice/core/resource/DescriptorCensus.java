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
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Counts the process's descriptors by owner: the ledger is consulted first, by descriptor number
 * and by path, one entry for each descriptor; then the {@link DescriptorRules}. A descriptor for
 * which neither names an owner and that was open when the census was created counts as inherited,
 * under <i>other</i>. So create the census before any part of the process.
 *
 * <p>A descriptor and its entry in the ledger are created and removed a moment apart, in either
 * order. So whatever seems unattributed or phantom is checked again, for at most 80 milliseconds,
 * before it is reported. Until then such a descriptor is not counted.
 *
 * <p>Without {@code /proc} only the total and the limit are known. Thread-safe: one count at a
 * time, under a lock.
 */
public final class DescriptorCensus {

  /**
   * Descriptors that seem wrong are checked again after this time, then after pauses that triple
   * each time.
   */
  private static final long FIRST_PAUSE_NANOS = Duration.ofMillis(2).toNanos();

  private static final long LAST_PAUSE_NANOS = Duration.ofMillis(60).toNanos();

  private final Path proc;
  private final ProcFd kernel;
  private final Ledger ledger;
  private final DescriptorRules rules;
  private final Duration freshFor;
  private final Clock clock;
  private final Inherited inherited;
  private final Census atStart;
  private final Object lock = new Object();

  /**
   * The kinds of sockets found in the kernel's tables, by link target; closed sockets are removed
   * occasionally. Under the lock.
   */
  private final Map<String, ResourceKind> knownSockets = new HashMap<>();

  private final RealNames names = new RealNames();

  /**
   * The problems that the last count confirmed, which need not be confirmed again. Under the lock.
   */
  private @Nullable Look saidBefore;

  private volatile Census latest;

  /**
   * A census of this process.
   *
   * @param ledger its entries name the owners of descriptors
   * @param rules further rules for owners; more may be added later
   * @param freshFor how old a count may be for {@link #recent}
   */
  public DescriptorCensus(Ledger ledger, DescriptorRules rules, Duration freshFor) {
    this(Path.of("/proc/self"), ledger, rules, freshFor);
  }

  /**
   * A census of this process that reads the kernel's files elsewhere.
   *
   * @param proc a copy of {@code /proc/self}; missing on systems without it
   */
  public DescriptorCensus(Path proc, Ledger ledger, DescriptorRules rules, Duration freshFor) {
    this(proc, ledger, rules, freshFor, Clock.systemUTC());
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
    List<Integer> open = kernel.list();
    this.inherited = new Inherited(kernel, open == null ? Map.of() : kernel.targets(open));
    this.atStart = count();
    this.latest = atStart;
  }

  /** The count made when the census was created, before the process opened anything. */
  public Census atStart() {
    return atStart;
  }

  /** The latest count if it is fresh, else a new one. For scrapes. */
  public Census recent() {
    return recent(freshFor);
  }

  /**
   * The latest count if it is younger than {@code maxAge}, else a new one. For callers that look
   * every second.
   */
  public Census recent(Duration maxAge) {
    Census seen = latest;
    Duration age = Duration.between(seen.at(), clock.instant());
    boolean recent = !age.isNegative() && age.compareTo(maxAge) < 0; // a clock may be set back
    return recent ? seen : now();
  }

  /** A new count; a few milliseconds for 1,000 descriptors. */
  public Census now() {
    synchronized (lock) {
      Census counted = count();
      latest = counted;
      return counted;
    }
  }

  private Census count() {
    Look look = look(saidBefore);
    if (look == null) {
      return totalOnly();
    }
    for (long pause = FIRST_PAUSE_NANOS;
        pause <= LAST_PAUSE_NANOS && !look.says(saidBefore);
        pause *= 3) {
      learnLinks(look.untaken);
      LockSupport.parkNanos(pause);
      Look again = look(look);
      if (again == null) {
        return totalOnly();
      }
      again.keepOnly(look);
      look = again;
    }
    saidBefore = look;
    if (knownSockets.size() > look.links.size()) {
      knownSockets.keySet().retainAll(new HashSet<>(look.links.values()));
    }
    return census(look);
  }

  /**
   * What the kernel has and what the ledger claims, compared; null without {@code /proc}. Links are
   * read only of descriptors that no entry claims by number, since most of a fetcher's thousands
   * are claimed.
   *
   * @param earlier the look before this one
   */
  private @Nullable Look look(@Nullable Look earlier) {
    List<Ledger.Entry> before = ledger.entries();
    List<Integer> open = kernel.list();
    if (open == null) {
      return null;
    }
    Claims claims = new Claims(before, ledger.entries(), names);
    Map<Integer, ResourceKind> kinds = HashMap.newHashMap(open.size());
    List<Integer> others = new ArrayList<>();
    for (Integer descriptor : open) {
      Ledger.Entry claim = claims.takeNumber(descriptor);
      if (claim == null) {
        others.add(descriptor);
      } else {
        kinds.put(descriptor, claim.kind());
      }
    }
    Map<Integer, String> links = rules.known(kernel.targets(others));
    attribute(links, claims, earlier, kinds);
    return new Look(links, kinds, claims.untaken());
  }

  /** A claim may have missed its descriptor because its path is a symbolic link. */
  private void learnLinks(List<Ledger.Entry> untaken) {
    for (Ledger.Entry entry : untaken) {
      Path path = entry.path();
      if (path != null) {
        names.learnLink(path);
      }
    }
  }

  private void attribute(
      Map<Integer, String> links,
      Claims claims,
      @Nullable Look earlier,
      Map<Integer, ResourceKind> kinds) {
    List<Integer> staying = new ArrayList<>();
    links.forEach(
        (descriptor, target) -> {
          Ledger.Entry claim = claims.takeName(target);
          if (claim != null) {
            kinds.put(descriptor, claim.kind());
          } else if (!target.startsWith("socket:")) {
            kinds.put(descriptor, orInherited(rules.ofFile(target), descriptor, target));
          } else if (earlier != null && target.equals(earlier.target(descriptor))) {
            staying.add(descriptor);
          } else {
            kinds.put(descriptor, knownSockets.getOrDefault(target, ResourceKind.UNATTRIBUTED));
          }
        });
    attributeSockets(staying, links, claims, kinds);
  }

  /**
   * Attributes sockets that no look so far could. The tables list the sockets of the whole machine,
   * and a socket without an owner is most often one that is being opened or closed. So they are
   * read only for one that is still there at the second look.
   */
  private void attributeSockets(
      List<Integer> sockets,
      Map<Integer, String> links,
      Claims claims,
      Map<Integer, ResourceKind> kinds) {
    ProcNet tables = null;
    for (Integer descriptor : sockets) {
      String target = links.getOrDefault(descriptor, "");
      ResourceKind kind = knownSockets.get(target);
      if (kind == null) {
        tables = tables == null ? ProcNet.read(proc, unknown(sockets, links)) : tables;
        kind = orInherited(rules.ofSocket(tables.socket(inode(target))), descriptor, target);
      }
      if (kind != ResourceKind.UNATTRIBUTED) {
        knownSockets.put(target, kind);
      } else {
        Ledger.Entry claim = claims.takeSocket();
        kind = claim == null ? kind : claim.kind();
      }
      kinds.put(descriptor, kind);
    }
  }

  private Set<Long> unknown(List<Integer> sockets, Map<Integer, String> links) {
    Set<Long> inodes = new HashSet<>();
    for (Integer descriptor : sockets) {
      String target = links.getOrDefault(descriptor, "");
      if (!knownSockets.containsKey(target)) {
        inodes.add(inode(target));
      }
    }
    return inodes;
  }

  private ResourceKind orInherited(ResourceKind kind, Integer descriptor, String target) {
    return kind == ResourceKind.UNATTRIBUTED && inherited.has(descriptor, target)
        ? ResourceKind.OTHER
        : kind;
  }

  private Census census(Look look) {
    Map<ResourceKind, Integer> byKind = new EnumMap<>(ResourceKind.class);
    List<String> strays = new ArrayList<>();
    look.kinds.forEach(
        (descriptor, kind) -> {
          byKind.merge(kind, 1, Integer::sum);
          if (kind == ResourceKind.UNATTRIBUTED && strays.size() < Census.MAX_LISTED) {
            strays.add(descriptor + " " + look.links.get(descriptor));
          }
        });
    return new Census(
        clock.instant(),
        true,
        byKind,
        OptionalInt.of(look.kinds.size()),
        kernel.limit(),
        strays,
        look.untaken.stream().limit(Census.MAX_LISTED).map(Object::toString).toList(),
        look.untaken.size());
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

  /** Some systems report -1 for "unknown" and a huge number for "unlimited". */
  private static OptionalInt known(long count) {
    return count < 0 || count > Integer.MAX_VALUE
        ? OptionalInt.empty()
        : OptionalInt.of((int) count);
  }

  private static long inode(String target) {
    return Long.parseLong(target, target.indexOf('[') + 1, target.indexOf(']'), 10);
  }

  /**
   * Opens and closes a socket. With the first one, the JDK opens another that it never closes and
   * substitutes for sockets being closed.
   */
  private static void openWhatTheJvmNeverCloses() {
    try {
      SocketChannel.open().close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a socket", e);
    }
  }

  /**
   * One comparison of kernel and ledger.
   *
   * @param links each descriptor that is not claimed by number, with the target of its link
   * @param kinds each descriptor's kind; those open only for a moment are removed
   * @param untaken claims without a descriptor
   */
  private record Look(
      Map<Integer, String> links, Map<Integer, ResourceKind> kinds, List<Ledger.Entry> untaken) {

    boolean isStray(Integer descriptor) {
      return kinds.get(descriptor) == ResourceKind.UNATTRIBUTED;
    }

    /** Whether nothing is wrong, or only what was found wrong the last time. */
    boolean says(@Nullable Look known) {
      for (Integer descriptor : kinds.keySet()) {
        if (isStray(descriptor)
            && (known == null || !known.hadStray(descriptor, target(descriptor)))) {
          return false;
        }
      }
      return untaken.isEmpty() || (known != null && known.untaken.containsAll(untaken));
    }

    /** Removes what the previous look did not find wrong: it was being opened or closed. */
    void keepOnly(Look before) {
      kinds
          .keySet()
          .removeIf(
              descriptor ->
                  isStray(descriptor) && !before.hadStray(descriptor, target(descriptor)));
      untaken.removeIf(entry -> !before.untaken.contains(entry));
    }

    private boolean hadStray(Integer descriptor, @Nullable String target) {
      return isStray(descriptor) && Objects.equals(target, target(descriptor));
    }

    @Nullable String target(Integer descriptor) {
      return links.get(descriptor);
    }
  }
}
