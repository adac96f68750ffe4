package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directory that a process keeps its files in, known by its device and inode. It, or a
 * directory above it, may be renamed while the process runs. Then the kernel reports the new names
 * of open files, while the ledger and the rules know the old ones; this translates them back.
 * Immutable.
 */
final class Home {

  private final Path directory;
  private final FileIdentity identity;

  private Home(Path directory, FileIdentity identity) {
    this.directory = directory;
    this.identity = identity;
  }

  /** The directory at this path; empty if there is none, or the system has no identities. */
  static Optional<Home> at(Path directory) {
    try {
      Path real = directory.toRealPath();
      return FileIdentity.of(real).map(identity -> new Home(real, identity));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The targets of descriptors; files below the directory get the names that they had before any
   * renaming.
   */
  Map<Integer, String> asAtFirst(Map<Integer, String> targets) {
    Optional<String> newName = isAt(directory) ? Optional.empty() : newName(targets.values());
    if (newName.isEmpty()) {
      return targets;
    }
    Map<Integer, String> former = HashMap.newHashMap(targets.size());
    targets.forEach(
        (descriptor, target) -> former.put(descriptor, formerName(target, newName.get())));
    return former;
  }

  private String formerName(String target, String newName) {
    boolean below = target.equals(newName) || target.startsWith(newName + "/");
    return below ? directory + target.substring(newName.length()) : target;
  }

  /** Where the directory is now; empty if none of the files is below it. */
  private Optional<String> newName(Collection<String> files) {
    return files.stream().map(this::above).filter(Objects::nonNull).findFirst();
  }

  /** The directory's current name, if the target is below it. */
  private @Nullable String above(String target) {
    if (!target.startsWith("/")) {
      return null;
    }
    try {
      Path path = Path.of(target);
      while (path != null && !isAt(path)) {
        path = path.getParent();
      }
      return path == null ? null : path.toString();
    } catch (InvalidPathException e) {
      return null; // The locale's character set cannot express the name.
    }
  }

  private boolean isAt(Path path) {
    return FileIdentity.of(path).equals(Optional.of(identity));
  }
}
