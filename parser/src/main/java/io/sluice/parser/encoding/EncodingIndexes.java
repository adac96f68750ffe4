package io.sluice.parser.encoding;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * The indexes of the Encoding Standard (section 5): pointer to code point. They are read from a
 * resource, made by {@code src/tools/encoding-indexes}, when the first of them is needed; together
 * they take 400 KB. Thread-safe: stateless.
 */
final class EncodingIndexes {

  /** Stands for a missing code point in an index. */
  static final int NONE = -1;

  private EncodingIndexes() {}

  /**
   * The index with the given name: code points by pointer, or {@link #NONE}. Must not be changed.
   */
  static int[] of(String name) {
    return Objects.requireNonNull(Loaded.BY_NAME.get(name), name);
  }

  /** The code point at a pointer, or {@link #NONE}. */
  static int codePoint(int[] index, int pointer) {
    return pointer >= 0 && pointer < index.length ? index[pointer] : NONE;
  }

  /** Holds the indexes from the first use on. */
  private static final class Loaded {
    private static final Map<String, int[]> BY_NAME = load();
  }

  private static Map<String, int[]> load() {
    try (InputStream resource =
            Objects.requireNonNull(
                EncodingIndexes.class.getResourceAsStream("encoding-indexes.bin"));
        DataInputStream in = new DataInputStream(new GZIPInputStream(resource, 1 << 16))) {
      Map<String, int[]> byName = new HashMap<>();
      for (int length = in.read(); length >= 0; length = in.read()) {
        String name = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
        byName.put(name, entries(in, in.readUnsignedShort()));
      }
      return Map.copyOf(byName);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read encoding-indexes.bin", e);
    }
  }

  /** Each entry is a varint: 0 for none, else 1 + the zigzag difference from the entry before. */
  private static int[] entries(DataInputStream in, int count) throws IOException {
    int[] entries = new int[count];
    int last = 0;
    for (int i = 0; i < count; i++) {
      int value = varint(in);
      if (value == 0) {
        entries[i] = NONE;
      } else {
        int zigzag = value - 1;
        last += (zigzag >>> 1) ^ -(zigzag & 1);
        entries[i] = last;
      }
    }
    return entries;
  }

  private static int varint(DataInputStream in) throws IOException {
    int value = 0;
    for (int shift = 0; shift < 32; shift += 7) {
      int next = in.readUnsignedByte();
      value |= (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("an entry is longer than 32 bits");
  }
}
