package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Divides a process's heap among its parts. Memory needed in any case is set aside. From the rest,
 * each part gets its minimum, and then all parts get the same fraction of the rest of their demand.
 * The heap can therefore hold all parts at their granted maximums at the same time. A pure policy.
 * Stateless.
 */
final class MemoryPlan {

  /**
   * Quarters of the heap that live objects may fill: the old generation has three (see
   * ChildCommand). The last quarter is for allocating one large array, and for garbage.
   */
  private static final long USABLE_OF_FOUR = 3;

  private static final long MIB = 1 << 20;

  /** The largest heap that a config allows. */
  private static final long MAX_HEAP_BYTES = 64L << 30;

  private MemoryPlan() {}

  /** The result for a heap. */
  sealed interface Verdict {

    /**
     * The process fits.
     *
     * @param config the wanted config, possibly with lowered numbers
     * @param lowered each lowered number as {@code key from -> to}; empty if nothing had to be
     *     lowered
     */
    record Fits(SluiceConfig config, List<String> lowered) implements Verdict {}

    /**
     * Not even the minimum fits.
     *
     * @param neededBytes the smallest heap that would be enough, in whole MiB
     */
    record TooLittle(long neededBytes) implements Verdict {}
  }

  /**
   * What a process needs with a given heap.
   *
   * @param fixedBytes bytes of objects that are live in any case
   * @param directBytes memory outside the heap, limited to the heap's size
   * @param parts the settings that can be lowered
   */
  record Need(long fixedBytes, long directBytes, List<Part> parts) {

    long leastBytes() {
      long least = fixedBytes;
      for (Part part : parts) {
        least += part.bytesOf(part.least);
      }
      return least;
    }

    boolean fits(long heapBytes) {
      return leastBytes() <= usable(heapBytes) && directBytes <= heapBytes;
    }
  }

  /** Returns how many bytes of a heap live objects may fill. */
  static long usable(long heapBytes) {
    return heapBytes / 4 * USABLE_OF_FOUR;
  }

  /**
   * Divides a heap among the parts.
   *
   * @param need the need as a function of the heap's size
   * @return the parts with their shares; null if not even their minimums fit
   */
  static @Nullable List<Part> share(long heapBytes, LongFunction<Need> need) {
    Need here = need.apply(heapBytes);
    if (!here.fits(heapBytes)) {
      return null;
    }
    double beyond = 0;
    for (Part part : here.parts()) {
      beyond += part.bytesOf(part.wanted - part.least);
    }
    double share = Math.min(1, (usable(heapBytes) - here.leastBytes()) / Math.max(1, beyond));
    here.parts().forEach(part -> part.take(share));
    return here.parts();
  }

  /** The smallest heap that holds the minimum of all parts, in whole MiB. */
  static long neededBytes(LongFunction<Need> need) {
    long tooLittle = 0;
    long enough = MAX_HEAP_BYTES;
    while (enough - tooLittle > MIB) {
      long middle = (tooLittle + enough) / 2 / MIB * MIB;
      if (need.apply(middle).fits(middle)) {
        enough = middle;
      } else {
        tooLittle = middle;
      }
    }
    return enough;
  }

  /** Each part that got less than it asked for, as {@code key from -> to}. */
  static List<String> lowered(List<Part> parts) {
    List<String> lines = new ArrayList<>();
    for (Part part : parts) {
      if (part.got < part.wanted && part.told) {
        lines.add("%s %s -> %s".formatted(part.key, part.text(part.wanted), part.text(part.got)));
      }
    }
    return lines;
  }

  /** A number in the config that costs memory. Used by one plan. */
  static final class Part {
    private final String key;
    private final long least;
    private final long wanted;
    private final double each;
    private final boolean bytes;
    private final boolean told;
    private long got;

    private Part(String key, long least, long wanted, double each, boolean bytes, boolean told) {
      this.key = key;
      this.least = Math.min(least, wanted);
      this.wanted = wanted;
      this.each = each;
      this.bytes = bytes;
      this.told = told;
      this.got = this.least;
    }

    /**
     * A number of things that take {@code each} bytes; at least {@code least} of them are needed.
     */
    static Part count(String key, long least, long wanted, long each) {
      return new Part(key, least, wanted, each, false, true);
    }

    /** A memory setting, each byte of which takes {@code each} bytes of heap. */
    static Part bytes(String key, long least, long wanted, double each) {
      return new Part(key, least, wanted, each, true, true);
    }

    /**
     * A memory setting that the user left to the process ({@code auto}), so that lowering it is not
     * reported.
     */
    static Part auto(String key, long least, long wanted, double each) {
      return new Part(key, least, wanted, each, true, false);
    }

    long got() {
      return got;
    }

    private long bytesOf(long amount) {
      return (long) Math.ceil(amount * each);
    }

    private void take(double share) {
      long taken = least + (long) ((wanted - least) * share);
      boolean rounds = bytes && taken < wanted && taken >= 8 * MIB;
      got = Math.max(least, rounds ? taken / MIB * MIB : taken);
    }

    private String text(long amount) {
      return bytes ? MemoryLimit.text(amount) : Long.toString(amount);
    }
  }
}
