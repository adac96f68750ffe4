package io.sluice.frontier.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A growing array of bytes to which values are appended: big-endian integers, LEB128 varints of
 * non-negative numbers, UTF-8 strings preceded by their length. Confined to one thread.
 */
public final class Encoder {

  private byte[] bytes;
  private int length;

  public Encoder(int capacity) {
    bytes = new byte[capacity];
  }

  /** Number of bytes appended since the last {@link #clear}. */
  public int length() {
    return length;
  }

  /** A copy of the bytes appended. */
  public byte[] toArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** The bytes appended, not copied; valid until the next call that changes them. */
  byte[] array() {
    return bytes;
  }

  /** Removes all bytes; the capacity is kept. */
  public void clear() {
    length = 0;
  }

  /** Appends the lowest eight bits. */
  public Encoder putByte(int value) {
    room(1);
    bytes[length++] = (byte) value;
    return this;
  }

  /** Appends four bytes, big-endian. */
  public Encoder putInt(int value) {
    room(4);
    BigEndian.putInt(bytes, length, value);
    length += 4;
    return this;
  }

  /** Appends eight bytes, big-endian. */
  public Encoder putLong(long value) {
    room(8);
    BigEndian.putLong(bytes, length, value);
    length += 8;
    return this;
  }

  /** Appends a non-negative number in one to nine bytes. */
  public Encoder putVarint(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    room(9);
    long rest = value;
    while (rest >= 0x80) {
      bytes[length++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    return this;
  }

  /** Appends a string as the varint of its UTF-8 length plus one, and its bytes; null as 0. */
  public Encoder putString(@Nullable String value) {
    if (value == null) {
      return putVarint(0);
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return putVarint(utf8.length + 1L).putBytes(utf8, 0, utf8.length);
  }

  /** Appends bytes as they are. */
  public Encoder putBytes(byte[] source, int offset, int count) {
    room(count);
    System.arraycopy(source, offset, bytes, length, count);
    length += count;
    return this;
  }

  /** Overwrites four bytes appended earlier. */
  void setInt(int at, int value) {
    BigEndian.putInt(bytes, at, value);
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
    }
  }
}
