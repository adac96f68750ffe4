package io.sluice.frontier.queue;

import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of the URLs waiting in memory, one after the other in large arrays, so that a URL takes
 * only about six bytes more than its text. Each entry has room for the address of another entry,
 * which links entries into lists. Space is freed only all at once, by starting a new arena.
 * Confined to its shard's thread.
 */
final class UrlArena {

  /** Stands for no address. */
  static final int NONE = -1;

  private static final int OFFSET_BITS = 18;
  private static final int CHUNK_BYTES = 1 << OFFSET_BITS;
  private static final int LINK_BYTES = 4;

  /** Maximum number of arrays: addresses have 32 bits, and the highest is {@link #NONE}. */
  private static final int MAX_CHUNKS = (1 << 14) - 1;

  private final List<byte[]> chunks = new ArrayList<>();
  private int used = CHUNK_BYTES;
  private long bytes;

  /** Bytes used since the arena was started. */
  long bytes() {
    return bytes;
  }

  /** Stores a URL without a link; returns its address. */
  int add(PackedUrl url) {
    byte[] packed = url.bytes();
    int needed = size(packed.length);
    int offset = reserve(needed);
    byte[] chunk = chunks.getLast();
    putInt(chunk, offset, NONE);
    int at = putLength(chunk, offset + LINK_BYTES, packed.length);
    System.arraycopy(packed, 0, chunk, at, packed.length);
    bytes += needed;
    return (chunks.size() - 1) << OFFSET_BITS | offset;
  }

  /** The URL at an address. */
  PackedUrl get(int address) {
    byte[] chunk = chunks.get(address >>> OFFSET_BITS);
    int at = (address & (CHUNK_BYTES - 1)) + LINK_BYTES;
    int length = 0;
    for (int shift = 0; ; shift += 7) {
      int next = chunk[at++];
      length |= (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
    }
    byte[] packed = new byte[length];
    System.arraycopy(chunk, at, packed, 0, length);
    return new PackedUrl(packed);
  }

  /** The space that a URL takes in an arena, in bytes. */
  static int sizeOf(PackedUrl url) {
    return size(url.bytes().length);
  }

  /** The address that the URL at {@code address} is linked to. */
  int next(int address) {
    byte[] chunk = chunks.get(address >>> OFFSET_BITS);
    int at = address & (CHUNK_BYTES - 1);
    return chunk[at] << 24
        | (chunk[at + 1] & 0xFF) << 16
        | (chunk[at + 2] & 0xFF) << 8
        | (chunk[at + 3] & 0xFF);
  }

  /** Links the URL at {@code address} to another. */
  void link(int address, int next) {
    putInt(chunks.get(address >>> OFFSET_BITS), address & (CHUNK_BYTES - 1), next);
  }

  private int reserve(int needed) {
    if (used + needed > CHUNK_BYTES) {
      if (chunks.size() == MAX_CHUNKS) {
        throw new IllegalStateException("more than 4 GiB of URLs in memory");
      }
      chunks.add(new byte[Math.max(CHUNK_BYTES, needed)]);
      used = 0;
    }
    int offset = used;
    used += needed;
    return offset;
  }

  private static int size(int length) {
    int size = LINK_BYTES + 1 + length;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    return size;
  }

  private static int putLength(byte[] chunk, int offset, int length) {
    int at = offset;
    int rest = length;
    for (; rest >= 0x80; rest >>>= 7) {
      chunk[at++] = (byte) (rest | 0x80);
    }
    chunk[at++] = (byte) rest;
    return at;
  }

  private static void putInt(byte[] chunk, int at, int value) {
    chunk[at] = (byte) (value >>> 24);
    chunk[at + 1] = (byte) (value >>> 16);
    chunk[at + 2] = (byte) (value >>> 8);
    chunk[at + 3] = (byte) value;
  }
}
