package io.sluice.core.sentinel;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DirectMemory;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Reads what this process holds: descriptors by kind from the census, resources without one from
 * the ledger, threads and direct memory from the JVM. If the system does not list descriptors by
 * kind, the ledger's entries count instead, and all descriptors as a further kind. Confined to its
 * sentinel's thread.
 */
final class Readings {

  private static final String DESCRIPTORS = "descriptors";
  private static final String LIVE_THREADS = "live-threads";
  private static final String DIRECT_MEMORY = "direct-memory";

  private final DescriptorCensus census;
  private final Ledger ledger;
  private final double maxDirectBytes = maxDirectBytes();
  private final Stayers stayers = new Stayers();

  Readings(DescriptorCensus census, Ledger ledger) {
    this.census = census;
    this.ledger = ledger;
  }

  /** The kinds that a reading may have. */
  static List<String> kinds() {
    return Stream.concat(
            Stream.of(ResourceKind.values()).map(ResourceKind::word),
            Stream.of(DESCRIPTORS, LIVE_THREADS, DIRECT_MEMORY))
        .toList();
  }

  /**
   * Reads everything: a few milliseconds for 1,000 descriptors.
   *
   * @param nanos the time, monotonic
   */
  Reading read(long nanos) {
    Map<String, Reading.Amount> amounts = new HashMap<>();
    Census counted = census.recent();
    Map<ResourceKind, Integer> entered = ledger.open();
    for (ResourceKind kind : ResourceKind.values()) {
      boolean byKernel = counted.attributed() && kind.hasDescriptor();
      int count = byKernel ? counted.count(kind) : entered.getOrDefault(kind, 0);
      amounts.put(kind.word(), pieces(count, kind.hasDescriptor() ? room(counted) : none()));
    }
    if (!counted.attributed() && counted.total().isPresent()) {
      amounts.put(DESCRIPTORS, pieces(counted.total().getAsInt(), room(counted)));
    }
    amounts.put(LIVE_THREADS, pieces(ManagementFactory.getThreadMXBean().getThreadCount(), none()));
    double direct = DirectMemory.now().bytes();
    OptionalDouble directRoom = OptionalDouble.of(Math.max(0, maxDirectBytes - direct));
    amounts.put(DIRECT_MEMORY, new Reading.Amount(Unit.BYTES, direct, directRoom));
    return new Reading(amounts, stayers.look(ledger.entries(), nanos));
  }

  private static Reading.Amount pieces(int count, OptionalDouble room) {
    return new Reading.Amount(Unit.PIECES, count, room);
  }

  private static OptionalDouble room(Census counted) {
    return counted.limit().isPresent() && counted.total().isPresent()
        ? OptionalDouble.of(counted.limit().getAsInt() - counted.total().getAsInt())
        : none();
  }

  private static OptionalDouble none() {
    return OptionalDouble.empty();
  }

  /** The limit given to the JVM; by default it is the size of the heap. */
  private static double maxDirectBytes() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long given = Long.parseLong(jvm.getVMOption("MaxDirectMemorySize").getValue());
    return given > 0 ? given : Runtime.getRuntime().maxMemory();
  }
}
