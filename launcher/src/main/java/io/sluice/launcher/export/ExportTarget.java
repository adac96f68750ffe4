package io.sluice.launcher.export;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import io.sluice.launcher.process.CannotStart;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The destination of exported lines: a file or a stream. A file is truncated to the recorded length
 * when it is opened, so that it contains each line once; a stream cannot be truncated. Confined to
 * one thread.
 */
interface ExportTarget extends AutoCloseable {

  /** Appends {@code count} bytes of {@code bytes}, starting at {@code from}. */
  void write(byte[] bytes, int from, int count) throws IOException;

  /**
   * Makes everything written durable, if the target can.
   *
   * @return the target's length in bytes
   */
  long sync() throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Checks whether a target of the given name can be created; changes nothing.
   *
   * @param name a path, or {@code -} for standard output
   * @throws CannotStart if the name is that of a directory, or its parent directory is missing or
   *     not writable
   */
  static void check(String name) throws CannotStart {
    if (name.equals("-")) {
      return;
    }
    Path file = Path.of(name).toAbsolutePath();
    if (Files.isDirectory(file)) {
      throw new CannotStart("-o=%s: is a directory; name a file in it".formatted(name));
    }
    Path place = Files.exists(file) ? file : file.getParent();
    if (place == null || !Files.isWritable(place)) {
      throw new CannotStart(
          "-o=%s: cannot be written; make sure that %s exists and is writable"
              .formatted(name, place));
    }
  }

  /**
   * Checks the name, and also whether the crawl may write to the target; changes nothing.
   *
   * @param name a path, or {@code -} for standard output
   * @param state the crawl's state of the target
   * @throws CannotStart if the target cannot be written, or contains data that this crawl did not
   *     write
   */
  static void check(String name, ExportState state) throws CannotStart, IOException {
    check(name);
    Path file = Path.of(name).toAbsolutePath();
    boolean holdsSomething = !name.equals("-") && Files.isRegularFile(file) && Files.size(file) > 0;
    if (holdsSomething && !state.found()) {
      throw new CannotStart(
          "-o=%s: exists, and this crawl did not write it; delete it or name another file"
              .formatted(name));
    }
  }

  /**
   * Opens {@code name}, which has been checked; a file is truncated to the length in the state.
   *
   * @param name a path, or {@code -} for standard output
   */
  static ExportTarget open(String name, ExportState state, Ledger ledger) throws IOException {
    if (name.equals("-")) {
      return new Stream(standardOutput(), state.length());
    }
    Path file = Path.of(name);
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return new Stream(FileChannel.open(file, StandardOpenOption.WRITE), state.length());
    }
    OwnedFile owned =
        OwnedFile.open(
            ledger.enter(ResourceKind.OUTPUT, "launcher.export", file),
            () -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    try {
      if (owned.channel().size() < state.length()) {
        state.reset(); // the user truncated or deleted the file
      }
      owned.channel().truncate(state.length());
      owned.channel().position(state.length());
      state.save(state.length()); // records the file as the crawl's before anything is written
      return new File(owned);
    } catch (IOException e) {
      owned.close();
      throw e;
    }
  }

  /** A file, which can be truncated. */
  record File(OwnedFile owned) implements ExportTarget {
    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
      while (buffer.hasRemaining()) {
        owned.channel().write(buffer);
      }
    }

    @Override
    public long sync() throws IOException {
      owned.channel().force(true);
      return owned.channel().size();
    }

    @Override
    public void close() throws IOException {
      owned.close();
    }
  }

  /** A pipe, terminal or device: whether written bytes are ever read is unknown. */
  final class Stream implements ExportTarget {
    private final FileChannel out;
    private long length;

    Stream(FileChannel out, long length) {
      this.out = out;
      this.length = length;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
      while (buffer.hasRemaining()) {
        length += out.write(buffer);
      }
    }

    @Override
    public long sync() {
      return length;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /**
   * Returns standard output as a channel, so that an interrupt can end a write that a slow reader
   * blocks.
   */
  @SuppressWarnings("resource") // the channel owns the stream and closes it
  private static FileChannel standardOutput() {
    return new FileOutputStream(FileDescriptor.out).getChannel();
  }
}
