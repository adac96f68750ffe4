package io.sluice.parser.encoding;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * An inverted index: code point to pointer, by binary search. If several pointers share a code
 * point, the first counts, as in the standard's "index pointer". Immutable.
 */
final class ReverseIndex {

  private static final int POINTER_BITS = 20;

  /** Code point and pointer of each entry, packed into one number in that order; sorted. */
  private final long[] entries;

  private ReverseIndex(long[] entries) {
    this.entries = entries;
  }

  /** Inverts the part of an index whose pointers {@code used} accepts. */
  static ReverseIndex of(int[] index, IntPredicate used) {
    long[] entries = new long[index.length];
    int count = 0;
    for (int pointer = 0; pointer < index.length; pointer++) {
      if (index[pointer] != EncodingIndexes.NONE && used.test(pointer)) {
        entries[count++] = (long) index[pointer] << POINTER_BITS | pointer;
      }
    }
    long[] sorted = Arrays.copyOf(entries, count);
    Arrays.sort(sorted);
    return new ReverseIndex(sorted);
  }

  /** The first pointer to a code point; -1 if there is none. */
  int first(int codePoint) {
    int at = Arrays.binarySearch(entries, (long) codePoint << POINTER_BITS);
    return pointer(at < 0 ? -at - 1 : at, codePoint);
  }

  /** The last pointer to a code point; -1 if there is none. */
  int last(int codePoint) {
    int at = Arrays.binarySearch(entries, (long) (codePoint + 1) << POINTER_BITS);
    return pointer((at < 0 ? -at - 1 : at) - 1, codePoint);
  }

  private int pointer(int at, int codePoint) {
    boolean found = at >= 0 && at < entries.length && entries[at] >>> POINTER_BITS == codePoint;
    return found ? (int) (entries[at] & ((1 << POINTER_BITS) - 1)) : -1;
  }
}
