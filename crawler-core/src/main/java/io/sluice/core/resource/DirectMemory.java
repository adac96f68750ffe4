package io.sluice.core.resource;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * The JVM's direct buffers. Immutable.
 *
 * @param buffers number of direct buffers
 * @param bytes the memory that they use, in bytes; an estimate of the JVM's
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
