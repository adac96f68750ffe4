package io.sluice.core.resource;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A line in a small file that is valid in only one directory; the next line holds the identity of
 * that directory. The file names a process or a socket of the directory's crawl. A copy of the
 * directory contains the file, too, but those belong to the original's crawl. Renaming a directory
 * keeps its notes valid. Stateless.
 */
public final class DirectoryNote {

  private DirectoryNote() {}

  /** The text of the file. */
  public static String of(Path directory, String line) {
    return line + "\n" + identity(directory) + "\n";
  }

  /** Returns the note's line; empty if the note was written for another directory. */
  public static Optional<String> read(Path directory, String text) {
    List<String> lines = text.lines().limit(2).toList();
    return lines.size() == 2 && lines.getLast().equals(identity(directory))
        ? Optional.of(lines.getFirst())
        : Optional.empty();
  }

  /** A directory's identity as text; the same for all directories if the system has none. */
  public static String identity(Path directory) {
    return FileIdentity.of(directory).map(FileIdentity::key).orElse("(unknown)");
  }
}
