package io.sluice.core.members;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.OwnedFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipException;

/**
 * Reads a file of members, each a gzip member or a zstd frame by its first bytes, and reports where
 * each begins and ends. Owns its file and native memory: close it. Confined to one thread.
 */
public final class MemberReader implements AutoCloseable {

  private final OwnedFile owned;
  private final FileWindow window;
  private final GzipDecoder gzip;
  private final ZstdDecoder zstd;
  private MemberDecoder decoder;
  private boolean ended = true;

  private MemberReader(Path file, OwnedFile owned) throws IOException {
    this.owned = owned;
    this.window = new FileWindow(file, owned.channel());
    this.gzip = new GzipDecoder(window);
    this.zstd = new ZstdDecoder(window);
    this.decoder = gzip;
  }

  /**
   * Opens a file for reading.
   *
   * @param files enters it in the ledger
   */
  public static MemberReader open(Path file, BriefFiles files) throws IOException {
    OwnedFile owned =
        OwnedFile.open(files.enter(file), () -> FileChannel.open(file, StandardOpenOption.READ));
    try {
      return new MemberReader(file, owned);
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  /** The file's length when it was opened. */
  public long size() {
    return window.size();
  }

  /**
   * Begins the next member, skipping the unread part of the current one.
   *
   * @return false after the last
   * @throws ZipException if it is neither a gzip member nor a zstd frame, or damaged
   * @throws EOFException if the file ends within it
   * @throws IOException if the file cannot be read
   */
  public boolean next() throws IOException {
    finish();
    return begin(window.position());
  }

  /** Skips the unread part of the member. */
  public void finish() throws IOException {
    byte[] passed = ended ? new byte[0] : new byte[8 << 10];
    while (!ended) {
      read(passed, 0, passed.length);
    }
  }

  /** Makes the member that begins at the given byte the next one; reads nothing. */
  public void seek(long at) {
    ended = true;
    window.seek(at);
  }

  /** Returns to the beginning of the current member. */
  public void rewind() throws IOException {
    begin(window.start());
  }

  /** Where the member begins in the file. */
  public long start() {
    return window.start();
  }

  /** Where the member ends; known once it is {@linkplain #finish finished}. */
  public long end() {
    return window.position();
  }

  /** How the member is compressed. */
  public Compression compression() {
    return decoder == zstd ? Compression.ZSTD : Compression.GZIP;
  }

  private boolean begin(long at) throws IOException {
    window.begin(at);
    if (at >= window.size()) {
      return false;
    }
    decoder =
        switch (window.take() | window.take() << 8) {
          case GzipDecoder.MAGIC -> gzip;
          case ZstdDecoder.MAGIC -> zstd;
          default -> throw window.notAMember();
        };
    decoder.begin();
    ended = false;
    return true;
  }

  /**
   * Reads the member's content; -1 at its end.
   *
   * @throws IOException if it is damaged or the file ends within it
   */
  public int read(byte[] into, int from, int count) throws IOException {
    int read = ended ? -1 : decoder.read(into, from, count);
    ended = read < 0;
    return read;
  }

  @Override
  public void close() throws IOException {
    try (owned;
        zstd) {
      gzip.close();
    }
  }
}
