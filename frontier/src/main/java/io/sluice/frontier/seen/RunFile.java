package io.sluice.frontier.seen;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.FileHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The open file of a run: a page with the header, pages of ascending fingerprints, and a trailer.
 * It owns its channel. Confined to one thread.
 */
final class RunFile implements AutoCloseable {

  /**
   * A page's length, in bytes. Pages are aligned, so that a lookup touches one disk block. With
   * pages of 4 KiB, each lookup in the page cache took half a microsecond longer.
   */
  static final int PAGE_BYTES = 1024;

  /** A page's length in 64-bit words, the last of which is its number and checksum. */
  static final int PAGE_WORDS = PAGE_BYTES / Long.BYTES;

  /** Number of fingerprints in a page; the last page may hold fewer. */
  static final int PAGE_KEYS = PAGE_WORDS - 1;

  /** The trailer's length, in bytes: count, number of pages, checksum. */
  static final int END_BYTES = 16;

  private final Path path;
  private final RunName name;
  private final OwnedFile owned;
  private final FileChannel channel;

  private RunFile(Path path, RunName name, OwnedFile owned) {
    this.path = path;
    this.name = name;
    this.owned = owned;
    this.channel = owned.channel();
  }

  /** The file of a run that was just written. Takes ownership of the open file. */
  static RunFile written(Path path, RunName name, OwnedFile owned) {
    return new RunFile(path, name, owned);
  }

  /**
   * Opens a run's file for reading and checks everything but its pages.
   *
   * @throws DamagedFileException if it is missing or incomplete, or belongs to another run
   */
  static RunFile open(SeenFiles files, RunName name) throws IOException {
    Path path = files.file(name.number());
    RunFile file = new RunFile(path, name, openForReading(files, path));
    try {
      file.checkEnds(files.header(name.number()));
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static OwnedFile openForReading(SeenFiles files, Path path) throws IOException {
    try {
      return OwnedFile.open(enter(files.ledger(), path), () -> files.disk().openForReading(path));
    } catch (NoSuchFileException e) {
      throw new DamagedFileException(path + ": is missing");
    }
  }

  static Ledger.Entry enter(Ledger ledger, Path path) {
    return ledger.enter(ResourceKind.FRONTIER, "frontier.seen", path);
  }

  private void checkEnds(FileHeader header) throws IOException {
    long size = channel.size();
    if (size >= FileHeader.BYTES) {
      header.check(read(0, FileHeader.BYTES), path);
    }
    if (size != bytes(name.count())) {
      throw damaged(size, "it should be " + bytes(name.count()) + " bytes long");
    }
    if (!Arrays.equals(read(0, PAGE_BYTES), Arrays.copyOf(header.encode(), PAGE_BYTES))) {
      throw damaged(FileHeader.BYTES, "there should be zeros up to the first page");
    }
    long end = size - END_BYTES;
    if (!ByteBuffer.wrap(read(end, END_BYTES)).equals(end(name.count()))) {
      throw damaged(end, "its end is corrupt");
    }
  }

  private byte[] read(long offset, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    readFully(bytes, offset);
    return bytes.array();
  }

  /** Reads pages into a buffer, from its start to its limit. */
  void readPages(int firstPage, ByteBuffer into) throws IOException {
    readFully(into, offset(firstPage));
  }

  private void readFully(ByteBuffer into, long offset) throws IOException {
    into.position(0);
    while (into.hasRemaining()) {
      if (channel.read(into, offset + into.position()) < 0) {
        throw damaged(offset + into.position(), "it was truncated");
      }
    }
  }

  DamagedFileException damaged(long offset, String what) {
    return new DamagedFileException(path, offset, what);
  }

  RunName name() {
    return name;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    owned.close();
  }

  /** The number of pages for {@code count} fingerprints. */
  static int pages(long count) {
    return Math.toIntExact((count + PAGE_KEYS - 1) / PAGE_KEYS);
  }

  /** The length of a file with {@code count} fingerprints, in bytes. */
  static long bytes(long count) {
    return offset(pages(count)) + END_BYTES;
  }

  /** Where a page begins; the header has a page of its own. */
  static long offset(int page) {
    return (page + 1L) * PAGE_BYTES;
  }

  /** The trailer of a file with {@code count} fingerprints. */
  static ByteBuffer end(long count) {
    ByteBuffer end = ByteBuffer.allocate(END_BYTES).putLong(count).putInt(pages(count));
    CRC32C crc = new CRC32C();
    crc.update(end.array(), 0, end.position());
    return end.putInt((int) crc.getValue()).flip();
  }
}
