package io.sluice.frontier.journal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an {@link Encoder} wrote. Every read is checked against the end: a value that runs
 * past it throws {@link IllegalStateException}. Confined to one thread; the bytes are borrowed.
 */
public final class Decoder {

  private final byte[] bytes;
  private final int end;
  private int at;

  /** Reads {@code count} of the given bytes from {@code offset} on. */
  public Decoder(byte[] bytes, int offset, int count) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + count;
  }

  /** Whether everything was read. */
  public boolean exhausted() {
    return at == end;
  }

  /** Reads a byte, 0 to 255. */
  public int takeByte() {
    return bytes[advance(1)] & 0xFF;
  }

  /** Reads four bytes. */
  public int takeInt() {
    return BigEndian.getInt(bytes, advance(4));
  }

  /** Reads eight bytes. */
  public long takeLong() {
    return BigEndian.getLong(bytes, advance(8));
  }

  /** Reads a non-negative number. */
  public long takeVarint() {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      int next = takeByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IllegalStateException("a number does not end at byte " + at);
  }

  /** Reads a varint that fits an {@code int}. */
  public int takeCount() {
    long value = takeVarint();
    if (value > Integer.MAX_VALUE) {
      throw new IllegalStateException("a count is out of range at byte " + at + ": " + value);
    }
    return (int) value;
  }

  /** Reads a string; fails on null. */
  public String takeString() {
    String value = takeNullableString();
    if (value == null) {
      throw new IllegalStateException("a string is missing at byte " + at);
    }
    return value;
  }

  /** Reads a string or null. */
  public @Nullable String takeNullableString() {
    int lengthPlusOne = takeCount();
    if (lengthPlusOne == 0) {
      return null;
    }
    int from = advance(lengthPlusOne - 1);
    return new String(bytes, from, lengthPlusOne - 1, StandardCharsets.UTF_8);
  }

  /** Reads {@code count} bytes into a new array. */
  public byte[] takeBytes(int count) {
    int from = advance(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  /** Reads {@code count} bytes into a given array, which must have room for them. */
  public void takeBytes(byte[] target, int offset, int count) {
    System.arraycopy(bytes, advance(count), target, offset, count);
  }

  private int advance(int count) {
    if (count < 0 || count > end - at) {
      throw new IllegalStateException(count + " bytes wanted, " + (end - at) + " left");
    }
    int from = at;
    at += count;
    return from;
  }
}
