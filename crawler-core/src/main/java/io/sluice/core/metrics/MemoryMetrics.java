package io.sluice.core.metrics;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Memory figures that show a leak: the heap without its garbage, and what Netty holds outside the
 * heap, which the JVM's own count of direct buffers misses. Stateless.
 */
final class MemoryMetrics {

  private MemoryMetrics() {}

  /** Binds both gauges; each is {@code NaN} while nothing is known. */
  static void bind(MeterRegistry registry) {
    List<GarbageCollectorMXBean> collectors =
        ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
    List<String> heapPools =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .toList();
    Gauge.builder("sluice.heap.after.gc.bytes", collectors, c -> afterLast(c, heapPools))
        .description("The heap in use just after the last garbage collection")
        // Micrometer alone would let the list be collected, since nothing else refers to it.
        .strongReference(true)
        .register(registry);
    Gauge.builder("sluice.netty.direct.bytes", ByteBufAllocator.DEFAULT, MemoryMetrics::directBytes)
        .description("Memory outside of the heap that Netty's allocator holds, in use or pooled")
        .register(registry);
  }

  private static double afterLast(List<GarbageCollectorMXBean> collectors, List<String> heapPools) {
    return collectors.stream()
        .map(GarbageCollectorMXBean::getLastGcInfo)
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(GcInfo::getEndTime))
        .map(last -> heapAfter(last, heapPools))
        .orElse(Double.NaN);
  }

  private static double heapAfter(GcInfo last, List<String> heapPools) {
    return last.getMemoryUsageAfterGc().entrySet().stream()
        .filter(pool -> heapPools.contains(pool.getKey()))
        .mapToLong(pool -> pool.getValue().getUsed())
        .sum();
  }

  private static double directBytes(ByteBufAllocator allocator) {
    return allocator instanceof ByteBufAllocatorMetricProvider provider
        ? provider.metric().usedDirectMemory()
        : Double.NaN;
  }
}
