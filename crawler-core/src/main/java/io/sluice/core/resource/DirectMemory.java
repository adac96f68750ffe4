package io.sluice.core.resource;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * The JVM's direct buffers. Immutable.
 *
 * @param buffers their number
 * @param bytes their size
 */
public record DirectMemory(long buffers, long bytes) {

  /** The current figures. */
  public static DirectMemory now() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return new DirectMemory(pool.getCount(), pool.getMemoryUsed());
      }
    }
    return new DirectMemory(0, 0);
  }
}
