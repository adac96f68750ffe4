package io.sluice.frontier.queue;

import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import java.util.Arrays;
import java.util.List;

/**
 * Some URLs of one host and class, in order, in one record of a segment. A URL is stored as the
 * count of bytes that it shares with the one before it, and the rest. Confined to one thread, and
 * valid until the segment that it is from reads another.
 */
final class Block {

  /** A block is ended by the URL that makes it this long. */
  static final int TARGET_BYTES = 2 << 10;

  private final Decoder payload;
  private final int host;
  private final int priority;
  private final int count;
  private final long end;
  private byte[] url = new byte[128];
  private int length;
  private int taken;

  /**
   * Reads the head of a block's record.
   *
   * @param end where the next record of the segment begins
   * @throws IllegalStateException if it is none
   */
  Block(Decoder payload, long end) {
    this.payload = payload;
    this.host = payload.takeCount();
    this.priority = payload.takeByte();
    this.count = payload.takeCount();
    this.end = end;
    if (count < 1 || priority >= PackedUrl.CLASSES) {
      throw new IllegalStateException("a block of " + count + " URLs of class " + priority);
    }
  }

  int host() {
    return host;
  }

  int priority() {
    return priority;
  }

  /** URLs of the block, at least one. */
  int count() {
    return count;
  }

  /** URLs taken so far. */
  int taken() {
    return taken;
  }

  long end() {
    return end;
  }

  /** Passes over some URLs. */
  void skip(int urls) {
    for (int i = 0; i < urls; i++) {
      advance();
    }
  }

  /** Takes the next URL; there must be one. */
  PackedUrl next() {
    advance();
    return new PackedUrl(Arrays.copyOf(url, length));
  }

  private void advance() {
    int shared = payload.takeCount();
    int rest = payload.takeCount();
    if (shared > length) {
      throw new IllegalStateException("a URL shares " + shared + " bytes of " + length);
    }
    length = Math.addExact(shared, rest);
    if (length > url.length) {
      url = Arrays.copyOf(url, Math.max(length, 2 * url.length));
    }
    payload.takeBytes(url, shared, rest);
    taken++;
  }

  /** Writes a block's record payload. */
  static void write(Encoder to, int host, int priority, List<PackedUrl> urls) {
    to.putVarint(host).putByte(priority).putVarint(urls.size());
    byte[] former = new byte[0];
    for (PackedUrl url : urls) {
      byte[] bytes = url.bytes();
      int shared = sharedPrefix(former, bytes);
      to.putVarint(shared).putVarint(bytes.length - shared);
      to.putBytes(bytes, shared, bytes.length - shared);
      former = bytes;
    }
  }

  /** The most bytes that a URL adds to a block behind another. */
  static int costOf(PackedUrl former, PackedUrl url) {
    return 4 + url.bytes().length - sharedPrefix(former.bytes(), url.bytes());
  }

  private static int sharedPrefix(byte[] one, byte[] other) {
    int mismatch = Arrays.mismatch(one, other);
    return mismatch < 0 ? one.length : mismatch;
  }
}
