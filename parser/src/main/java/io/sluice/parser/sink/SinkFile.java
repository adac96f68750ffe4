package io.sluice.parser.sink;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is only appended to and can be cut back. Writes are buffered; {@link #sync} makes
 * them durable. A disk error is final: a failed sync must not be retried. Confined to its worker's
 * thread.
 */
public final class SinkFile implements AutoCloseable {

  private static final int BUFFER_BYTES = 128 << 10;

  private final Path path;
  private final OwnedFile owned;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long written;

  private SinkFile(Path path, OwnedFile owned) {
    this.path = path;
    this.owned = owned;
    this.channel = owned.channel();
  }

  /**
   * Creates a file.
   *
   * @throws java.nio.file.FileAlreadyExistsException if a file with this name exists
   */
  public static SinkFile create(Path path, SinkKind kind, Ledger ledger) throws IOException {
    Ledger.Entry entry = ledger.enter(ResourceKind.OUTPUT, "parser." + kind.word(), path);
    return new SinkFile(
        path,
        OwnedFile.open(
            entry,
            () -> FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
  }

  /** The path of the file. */
  public Path path() {
    return path;
  }

  /** Appends a part of {@code bytes}; they are copied or written before this returns. */
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (length > buffer.remaining()) {
      flush();
    }
    if (length > buffer.remaining()) {
      writeFully(ByteBuffer.wrap(bytes, from, length));
    } else {
      buffer.put(bytes, from, length);
    }
  }

  /** The file's length once everything written is flushed. */
  public long offset() {
    return written + buffer.position();
  }

  /**
   * Makes everything written so far durable.
   *
   * @throws IOException also if another program deleted or changed the file: nothing written to it
   *     is safe then
   */
  public void sync() throws IOException {
    flush();
    channel.force(false);
    verify();
  }

  /**
   * Checks that the file is still in place and holds what was written so far.
   *
   * @throws IOException if not; one line for the operator
   */
  public void verify() throws IOException {
    owned.verify(written);
  }

  /** Cuts the file; everything written past {@code offset} is dropped. */
  public void cut(long offset) throws IOException {
    verify();
    buffer.clear();
    channel.truncate(offset);
    channel.position(offset);
    channel.force(true);
    written = offset;
  }

  private void flush() throws IOException {
    buffer.flip();
    writeFully(buffer);
    buffer.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    verify(); // a write past the end of a shortened file would leave a hole
    while (bytes.hasRemaining()) {
      written += channel.write(bytes);
    }
  }

  /** Closes the file without flushing: unsynced data was never promised to be durable. */
  @Override
  public void close() throws IOException {
    owned.close();
  }
}
