package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A file's or directory's device and inode. A renamed file keeps them; a copy has others. They are
 * unique while the file exists or is open. Immutable.
 *
 * @param key both numbers, in this system's notation
 */
public record FileIdentity(String key) {

  /** The identity of what a path leads to; empty if nothing is there or the system has none. */
  public static Optional<FileIdentity> of(Path path) {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return Optional.ofNullable(key).map(numbers -> new FileIdentity(numbers.toString()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
