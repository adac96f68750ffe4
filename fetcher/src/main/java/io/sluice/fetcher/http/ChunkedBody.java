package io.sluice.fetcher.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the chunked coding of one body (RFC 9112, 7.1). Lines may end in a bare LF and a size may
 * be surrounded by blanks, as browsers allow; then the body is {@link #doubtful}. Extensions and
 * trailers are read, bounded and dropped.
 *
 * <p>Confined to its channel's event loop.
 */
final class ChunkedBody {
  private static final int MAX_SIZE_DIGITS = 16;

  /** How far the body has been read. */
  enum State {
    SIZE,
    DATA,
    DATA_END,
    /** The content is complete; only trailers may follow. */
    TRAILERS,
    ENDED,
    /** The bytes are not valid chunks. */
    BROKEN
  }

  private final int maxLineBytes;
  private State state = State.SIZE;
  private long left;
  private int trailerBytes;
  private boolean doubtful;

  /**
   * @param maxLineBytes maximum length of a chunk's first line, and of all trailers together
   */
  ChunkedBody(int maxLineBytes) {
    this.maxLineBytes = maxLineBytes;
  }

  State state() {
    return state;
  }

  /** Whether other implementations might read the body differently. */
  boolean doubtful() {
    return doubtful;
  }

  /**
   * Reads the available bytes, at most up to the body's end, and adds slices of its content to
   * {@code out}.
   */
  State read(ByteBuf in, List<Object> out) {
    boolean more = true;
    while (more) {
      more =
          switch (state) {
            case SIZE -> readSize(in);
            case DATA -> readData(in, out);
            case DATA_END -> readDataEnd(in);
            case TRAILERS -> readTrailer(in);
            case ENDED, BROKEN -> false;
          };
    }
    return state;
  }

  private boolean readSize(ByteBuf in) {
    String line = nextLine(in);
    if (line == null) {
      return false;
    }
    int semicolon = line.indexOf(';');
    String sent = semicolon < 0 ? line : line.substring(0, semicolon);
    String size = ResponseHead.trim(sent);
    doubtful |= size.length() < sent.length();
    left = size(size);
    state = left < 0 ? State.BROKEN : left == 0 ? State.TRAILERS : State.DATA;
    return true;
  }

  /**
   * Parses a chunk's size from hexadecimal digits; returns -1 if there are none, or for 2 GiB and
   * more.
   */
  private static long size(String digits) {
    if (digits.isEmpty()
        || digits.length() > MAX_SIZE_DIGITS
        || !digits.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
      return -1;
    }
    long size = Long.parseUnsignedLong(digits, 16);
    return size < 0 || size > Integer.MAX_VALUE ? -1 : size;
  }

  private boolean readData(ByteBuf in, List<Object> out) {
    int count = (int) Math.min(left, in.readableBytes());
    if (count == 0) {
      return false;
    }
    out.add(in.readRetainedSlice(count));
    left -= count;
    if (left == 0) {
      state = State.DATA_END;
    }
    return left == 0;
  }

  private boolean readDataEnd(ByteBuf in) {
    if (!in.isReadable()) {
      return false;
    }
    if (in.getByte(in.readerIndex()) == '\r') {
      if (in.readableBytes() < 2) {
        return false;
      }
      in.skipBytes(1);
    } else {
      doubtful = true;
    }
    state = in.readByte() == '\n' ? State.SIZE : State.BROKEN;
    return true;
  }

  private boolean readTrailer(ByteBuf in) {
    int before = in.readerIndex();
    String line = nextLine(in);
    if (line == null) {
      return false;
    }
    trailerBytes += in.readerIndex() - before;
    if (line.isEmpty()) {
      state = State.ENDED;
    } else if (trailerBytes > maxLineBytes) {
      state = State.BROKEN;
    }
    return true;
  }

  /** The next line without its line end; null while it is incomplete, or if it is too long. */
  private @Nullable String nextLine(ByteBuf in) {
    int length = in.bytesBefore((byte) '\n');
    if (length < 0 ? in.readableBytes() > maxLineBytes : length > maxLineBytes) {
      state = State.BROKEN;
    }
    if (length < 0 || state == State.BROKEN) {
      return null;
    }
    String line = in.readString(length, StandardCharsets.ISO_8859_1);
    in.skipBytes(1);
    boolean crlf = line.endsWith("\r");
    doubtful |= !crlf || line.indexOf('\r') < line.length() - 1;
    return crlf ? line.substring(0, line.length() - 1) : line;
  }
}
