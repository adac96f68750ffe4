package io.sluice.core.coding;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** The loops that all codings share. Thread-safe: stateless. */
final class Inflating {

  /** Size of one read from a stream, in bytes; an error loses at most that much. */
  private static final int CHUNK = 16 << 10;

  private Inflating() {}

  /** Resets {@code inflater} and runs it over a part of {@code coded}. */
  static @Nullable Damage run(
      Inflater inflater, byte[] coded, int from, int length, BoundedBytes out) {
    inflater.reset();
    inflater.setInput(coded, from, length);
    try {
      while (!inflater.finished()) {
        int room = out.room();
        if (room == 0) {
          return null;
        }
        int count = inflate(inflater, out, room);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          return inflater.needsInput() ? Damage.TRUNCATED : Damage.CORRUPT;
        }
      }
      return null;
    } catch (DataFormatException e) {
      return Damage.CORRUPT;
    }
  }

  /** Inflates one step; bytes written before an error are counted, too. */
  private static int inflate(Inflater inflater, BoundedBytes out, int room)
      throws DataFormatException {
    long before = inflater.getBytesWritten();
    try {
      return inflater.inflate(out.array(), out.end(), room);
    } finally {
      out.advance((int) (inflater.getBytesWritten() - before));
    }
  }

  /** Reads a stream to its end or until {@code out} is full. */
  static void drain(InputStream stream, BoundedBytes out) throws IOException {
    while (true) {
      int room = out.room();
      if (room == 0) {
        return;
      }
      int count = stream.read(out.array(), out.end(), Math.min(room, CHUNK));
      if (count < 0) {
        return;
      }
      out.advance(count);
    }
  }

  /** Copies plain bytes. */
  static void copy(byte[] plain, int size, BoundedBytes out) {
    int done = 0;
    while (done < size) {
      int count = Math.min(out.room(), size - done);
      if (count == 0) {
        return;
      }
      System.arraycopy(plain, done, out.array(), out.end(), count);
      out.advance(count);
      done += count;
    }
  }
}
