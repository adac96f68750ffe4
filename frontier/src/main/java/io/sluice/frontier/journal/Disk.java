package io.sluice.frontier.journal;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file-system operations whose order and durability matter to the frontier; tests make them
 * fail here. Thread-safe.
 */
public interface Disk {

  /** The operating system's file systems. */
  Disk SYSTEM = new Disk() {};

  /** Creates an empty file; an older one with that name is deleted first. The caller closes it. */
  default FileChannel create(Path file) throws IOException {
    Files.deleteIfExists(file);
    return FileChannel.open(file, CREATE_NEW, READ, WRITE);
  }

  /** Opens a file that exists. The caller closes it. */
  default FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, READ, WRITE);
  }

  /** Opens an existing file for reading only. The caller closes it. */
  default FileChannel openForReading(Path file) throws IOException {
    return FileChannel.open(file, READ);
  }

  /** Writes all of the bytes at the channel's position. */
  default void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Makes all data written to a file durable. */
  default void sync(FileChannel channel) throws IOException {
    channel.force(false);
  }

  /** Atomically replaces {@code to} with {@code from}. */
  default void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Deletes a file that may be missing. */
  default void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Makes a directory's entries durable. */
  default void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }
}
