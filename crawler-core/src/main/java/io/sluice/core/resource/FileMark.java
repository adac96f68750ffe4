package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a file or directory in use by device and inode, where the system has them. Writing to
 * a file that has been deleted raises no error; {@link #verify} notices. Immutable.
 */
public final class FileMark {

  private final Path path;
  private final @Nullable Object key;

  private FileMark(Path path, @Nullable Object key) {
    this.path = path;
    this.key = key;
  }

  /**
   * The mark of the file or directory that {@code path} leads to now.
   *
   * @throws IOException if nothing exists there
   */
  public static FileMark of(Path path) throws IOException {
    return new FileMark(path, key(path));
  }

  /** The path at which the mark was taken. */
  public Path path() {
    return path;
  }

  /**
   * Checks that the path still leads to the same file; one system call.
   *
   * @throws IOException if it does not; the message is one line for the operator
   */
  public void verify() throws IOException {
    Object current;
    try {
      current = key(path);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new IOException(path + " is gone: it was deleted or moved while it was in use", e);
    }
    if (key != null && !key.equals(current)) {
      throw new IOException(path + " was replaced by another file while it was in use");
    }
  }

  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }
}
