package io.sluice.core.resource;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * The JVM's direct buffers. Immutable.
 *
 * @param buffers how many there are
 * @param bytes what they hold
 */
public record DirectMemory(long buffers, long bytes) {

  /** As it is now. */
  public static DirectMemory now() {
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      if (pool.getName().equals("direct")) {
        return new DirectMemory(pool.getCount(), pool.getMemoryUsed());
      }
    }
    return new DirectMemory(0, 0);
  }
}
