package io.sluice.core.resource;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * An open file and its entry in the ledger: entered before it is opened, struck after it is closed,
 * so that no count finds the one without the other for long. Confined to its owner.
 */
public final class OwnedFile implements Closeable {

  private final FileChannel channel;
  private final Ledger.Entry entry;

  private OwnedFile(FileChannel channel, Ledger.Entry entry) {
    this.channel = channel;
    this.entry = entry;
  }

  /**
   * Opens a file.
   *
   * @param entry its entry, made just now; owned from here on, and struck if this fails
   */
  public static OwnedFile open(Ledger.Entry entry, Opening opening) throws IOException {
    try {
      return new OwnedFile(opening.open(), entry);
    } catch (IOException | RuntimeException e) {
      entry.close();
      throw e;
    }
  }

  /** The channel; close this instead of it. */
  public FileChannel channel() {
    return channel;
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
