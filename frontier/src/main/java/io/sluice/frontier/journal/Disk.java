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
 * What the frontier asks of a file system where the order and durability of a change matter; the
 * place where tests let it fail. Thread-safe.
 */
public interface Disk {

  /** The operating system's. */
  Disk SYSTEM = new Disk() {};

  /** Creates an empty file; an older one of that name is deleted first. The caller closes it. */
  default FileChannel create(Path file) throws IOException {
    Files.deleteIfExists(file);
    return FileChannel.open(file, CREATE_NEW, READ, WRITE);
  }

  /** Opens a file that exists. The caller closes it. */
  default FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, READ, WRITE);
  }

  /** Opens a file that exists and is not to be changed. The caller closes it. */
  default FileChannel openForReading(Path file) throws IOException {
    return FileChannel.open(file, READ);
  }

  /** Writes all of the bytes at the channel's position. */
  default void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Makes durable what was written to a file. */
  default void sync(FileChannel channel) throws IOException {
    channel.force(false);
  }

  /** Puts {@code from} in the place of {@code to} in one step. */
  default void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Deletes a file that may be missing. */
  default void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  /** Makes durable which names a directory has. */
  default void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }
}
