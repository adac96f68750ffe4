package io.sluice.frontier.queue;

import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import java.util.Arrays;
import java.util.List;

/**
 * A record of a segment: some URLs of one host and class, in order. Each URL is stored as the
 * number of leading bytes that it shares with the one before it, and the remaining bytes. Confined
 * to one thread, and valid until its segment reads another block.
 */
final class Block {

  /** Target length of a block, which ends with the URL that reaches it. */
  static final int TARGET_BYTES = 2 << 10;

  private final Decoder payload;
  private final int host;
  private final int classNumber;
  private final int count;
  private final long end;
  private byte[] url = new byte[128];
  private int length;
  private int taken;

  /**
   * Reads the head of a block's record.
   *
   * @param end where the next record of the segment begins
   * @throws IllegalStateException if the record is not a block
   */
  Block(Decoder payload, long end) {
    this.payload = payload;
    this.host = payload.takeCount();
    this.classNumber = payload.takeByte();
    this.count = payload.takeCount();
    this.end = end;
    if (count < 1 || classNumber >= QueueClass.COUNT) {
      throw new IllegalStateException(
          "a block cannot have " + count + " URLs of class " + classNumber);
    }
  }

  int host() {
    return host;
  }

  int classNumber() {
    return classNumber;
  }

  /** Number of URLs in the block, at least one. */
  int count() {
    return count;
  }

  /** Number of URLs taken so far. */
  int taken() {
    return taken;
  }

  long end() {
    return end;
  }

  /** Skips some URLs. */
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
      throw new IllegalStateException(
          "a URL shares " + shared + " bytes with one of " + length + " bytes");
    }
    length = Math.addExact(shared, rest);
    if (length > url.length) {
      url = Arrays.copyOf(url, Math.max(length, 2 * url.length));
    }
    payload.takeBytes(url, shared, rest);
    taken++;
  }

  /** Writes a block's record payload. */
  static void write(Encoder to, int host, int classNumber, List<PackedUrl> urls) {
    to.putVarint(host).putByte(classNumber).putVarint(urls.size());
    byte[] former = new byte[0];
    for (PackedUrl url : urls) {
      byte[] bytes = url.bytes();
      int shared = sharedPrefix(former, bytes);
      to.putVarint(shared).putVarint(bytes.length - shared);
      to.putBytes(bytes, shared, bytes.length - shared);
      former = bytes;
    }
  }

  /** Maximum number of bytes that a URL adds to a block after {@code former}. */
  static int costOf(PackedUrl former, PackedUrl url) {
    return 4 + url.bytes().length - sharedPrefix(former.bytes(), url.bytes());
  }

  private static int sharedPrefix(byte[] one, byte[] other) {
    int mismatch = Arrays.mismatch(one, other);
    return mismatch < 0 ? one.length : mismatch;
  }
}
