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
 * them durable. An error of the disk is final: a sync that failed must not be tried again. Confined
 * to its worker's thread.
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
   * @throws java.nio.file.FileAlreadyExistsException where there is one of that name
   */
  public static SinkFile create(Path path, SinkKind kind, Ledger ledger) throws IOException {
    Ledger.Entry entry = ledger.enter(ResourceKind.OUTPUT, "parser." + kind.word(), path);
    return new SinkFile(
        path,
        OwnedFile.open(
            entry,
            () -> FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
  }

  /** Where the file is. */
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

  /** The file's length when all that was written is flushed. */
  public long offset() {
    return written + buffer.position();
  }

  /** Makes all that was written durable. */
  public void sync() throws IOException {
    flush();
    channel.force(false);
  }

  /** Cuts the file; what was written past {@code offset} is forgotten. */
  public void cut(long offset) throws IOException {
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
    while (bytes.hasRemaining()) {
      written += channel.write(bytes);
    }
  }

  /** Closes the file without flushing: what was not synced was never promised. */
  @Override
  public void close() throws IOException {
    owned.close();
  }
}
