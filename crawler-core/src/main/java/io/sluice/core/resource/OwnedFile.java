package io.sluice.core.resource;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An open file and its entry in the ledger: entered before it is opened, struck after it is closed,
 * so that a count finds one without the other only for a moment. Confined to its owner.
 */
public final class OwnedFile implements Closeable {

  private final FileChannel channel;
  private final Ledger.Entry entry;
  private @Nullable FileMark mark;

  private OwnedFile(FileChannel channel, Ledger.Entry entry) {
    this.channel = channel;
    this.entry = entry;
  }

  /**
   * Opens a file.
   *
   * @param entry the file's new entry in the ledger; owned from here on, and struck if this fails
   */
  public static OwnedFile open(Ledger.Entry entry, Opening opening) throws IOException {
    OwnedFile owned;
    try {
      owned = new OwnedFile(opening.open(), entry);
    } catch (IOException | RuntimeException e) {
      entry.close();
      throw e;
    }
    Path path = entry.path();
    if (path != null) {
      try {
        owned.mark = FileMark.of(path);
      } catch (IOException | RuntimeException e) {
        owned.close();
        throw e;
      }
    }
    return owned;
  }

  /** The channel; close this instead of it. */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Checks that the file is still where it was opened; one system call.
   *
   * @throws IOException if it was deleted, moved or replaced; one line for the operator
   */
  public void verify() throws IOException {
    if (mark != null) {
      mark.verify();
    }
  }

  /**
   * Checks that the file is still where it was opened, and as long as it was written; two system
   * calls.
   *
   * @param length the number of bytes written to it
   * @throws IOException if not; one line for the operator
   */
  public void verify(long length) throws IOException {
    verify();
    long found = channel.size();
    if (found != length) {
      throw new IOException(
          "%s is %d bytes long, but %d bytes were written: another program changed it"
              .formatted(entry.path(), found, length));
    }
  }

  @Override
  public void close() throws IOException {
    try (entry) {
      channel.close();
    }
  }

  /** Opens the channel. */
  public interface Opening {
    FileChannel open() throws IOException;
  }
}
