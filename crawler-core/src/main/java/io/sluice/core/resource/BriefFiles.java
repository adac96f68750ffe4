package io.sluice.core.resource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files and directories that are open only during a call: read whole, written whole, listed,
 * synced. They are in the ledger while they are open. Thread-safe: it keeps no state of a call.
 */
public final class BriefFiles {

  private final Ledger ledger;
  private final ResourceKind kind;
  private final String owner;

  /**
   * @param ledger records each file while it is open; borrowed
   * @param kind the resource kind to record them under
   * @param owner the part named as their owner, a short fixed word
   */
  public BriefFiles(Ledger ledger, ResourceKind kind, String owner) {
    this.ledger = ledger;
    this.kind = kind;
    this.owner = owner;
  }

  /** Enters a file for as long as the caller has it open. */
  public Ledger.Entry enter(Path file) {
    return ledger.enter(kind, owner, file);
  }

  /**
   * A file's first bytes.
   *
   * @param maxBytes maximum number of bytes
   * @throws java.nio.file.NoSuchFileException if there is no such file
   */
  public byte[] read(Path file, int maxBytes) throws IOException {
    try (Ledger.Entry _ = enter(file);
        InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(maxBytes);
    }
  }

  /**
   * A small file's text, in UTF-8.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such file
   */
  public String text(Path file) throws IOException {
    try (Ledger.Entry _ = enter(file)) {
      return Files.readString(file);
    }
  }

  /** Creates a file with this text in UTF-8, replacing an older one. */
  public void write(Path file, String text) throws IOException {
    try (Ledger.Entry _ = enter(file)) {
      Files.writeString(file, text);
    }
  }

  /**
   * Atomically replaces a file's text, in UTF-8. It is not synced.
   *
   * @param suffix appended to the name of the temporary file that is written first
   */
  public void replace(Path file, String suffix, String text) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + suffix);
    write(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * As {@link #replace}, but durable when this returns. After a crash either the old file or the
   * new one is there, complete.
   */
  public void replaceDurably(Path file, String suffix, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + suffix);
    try {
      writeDurably(temporary, ByteBuffer.wrap(content));
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    sync(file.toAbsolutePath().resolveSibling(""));
  }

  private void writeDurably(Path file, ByteBuffer content) throws IOException {
    try (Ledger.Entry _ = enter(file);
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
  }

  /** Makes a directory's entries durable. */
  public void sync(Path directory) throws IOException {
    try (Ledger.Entry _ = enter(directory);
        FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** The entries of a directory, in no particular order. The JDK opens it twice to list it. */
  public List<Path> list(Path directory) throws IOException {
    List<Path> listed = new ArrayList<>();
    try (Ledger.Entry _ = enter(directory);
        Ledger.Entry _ = enter(directory);
        DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      entries.forEach(listed::add);
      return listed;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Copies a file, replacing an older one with the same name. */
  public void copy(Path from, Path to) throws IOException {
    try (Ledger.Entry _ = enter(from);
        Ledger.Entry _ = enter(to)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
