package io.sluice.frontier.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Random;

/** Determines which of a file's bytes survive a power failure. Confined to its disk. */
final class DurableBytes {

  private static final int SECTOR = 512;

  private byte[] bytes;
  private int length;
  private long dirtyFrom;
  private boolean doubtful;

  /** Creates a file whose bytes are durable. */
  DurableBytes(byte[] certain) {
    bytes = certain;
    length = certain.length;
    dirtyFrom = length;
  }

  /** Records a write that began at the given position. */
  void written(long position) {
    dirtyFrom = Math.min(dirtyFrom, position);
  }

  /** Records that the file's current contents are durable. */
  void synced(FileChannel channel) throws IOException {
    int size = Math.toIntExact(channel.size());
    int from = (int) Math.min(dirtyFrom, Math.min(length, size));
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, bytes.length * 2));
    }
    ByteBuffer target = ByteBuffer.wrap(bytes, from, size - from);
    while (target.hasRemaining() && channel.read(target, target.position()) >= 0) {
      // read again for the rest
    }
    length = size;
    dirtyFrom = size;
  }

  /** Records that a sync failed: the kernel may have dropped the data that it could not write. */
  void doubt() {
    doubtful = true;
  }

  boolean doubtful() {
    return doubtful;
  }

  /**
   * Ends the doubt that a failed sync has left: readers see some bytes now, and may see others
   * after a power failure.
   */
  void settled() {
    doubtful = false;
    dirtyFrom = 0;
  }

  /**
   * The contents after a power failure of a file whose readers saw {@code current}. Durable bytes
   * are kept; each other sector is kept, or replaced by its earlier bytes, zeros or garbage.
   */
  byte[] afterFailure(byte[] current, Random random) {
    byte[] certain = Arrays.copyOf(bytes, length);
    int same = Arrays.mismatch(certain, current);
    if (same < 0) {
      return current;
    }
    boolean rewritten = same < length && same < current.length;
    if (same == current.length || (rewritten && random.nextBoolean())) {
      return random.nextBoolean() ? certain : current;
    }
    byte[] left = Arrays.copyOf(current, same + random.nextInt(current.length - same + 1));
    spoil(left, same, random);
    return left;
  }

  private static void spoil(byte[] left, int from, Random random) {
    if (random.nextInt(3) == 0) {
      return; // a clean cut
    }
    for (int at = from; at < left.length; at = (at / SECTOR + 1) * SECTOR) {
      int end = Math.min(left.length, (at / SECTOR + 1) * SECTOR);
      switch (random.nextInt(4)) {
        case 0 -> Arrays.fill(left, at, end, (byte) 0);
        case 1 -> fillAtRandom(left, at, end, random);
        default -> {} // this sector reached the disk
      }
    }
  }

  private static void fillAtRandom(byte[] left, int from, int to, Random random) {
    for (int at = from; at < to; at++) {
      left[at] = (byte) random.nextInt();
    }
  }
}
