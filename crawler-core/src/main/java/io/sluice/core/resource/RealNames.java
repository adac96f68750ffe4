package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names by which the kernel knows files, with symbolic links resolved. Folders are remembered,
 * so that a count of thousands of files does not ask the file system for each. Confined to its
 * owner's lock.
 */
final class RealNames {

  /** Maximum number of remembered folders, more than a process of Sluice uses. */
  private static final int MAX_FOLDERS = 4096;

  private final Map<Path, Path> folders = new HashMap<>();

  /** The kernel's name of a file or directory. */
  String of(Path path) {
    Path absolute = path.isAbsolute() ? path : path.toAbsolutePath();
    Path known = folders.get(absolute);
    if (known != null) {
      return known.toString();
    }
    Path folder = absolute.getParent();
    Path name = absolute.getFileName();
    if (folder == null || name == null) {
      return absolute.toString();
    }
    return real(folder).resolve(name).normalize().toString();
  }

  private Path real(Path folder) {
    Path known = folders.get(folder);
    return known != null ? known : learn(folder);
  }

  private Path learn(Path folder) {
    Path real = resolved(folder);
    if (real == null) {
      return folder; // It does not exist now, but may later.
    }
    if (folders.size() >= MAX_FOLDERS) {
      folders.clear();
    }
    folders.put(folder, real);
    return real;
  }

  /** Learns where a name itself leads, since it may be a symbolic link. */
  void learnLink(Path path) {
    Path absolute = path.isAbsolute() ? path : path.toAbsolutePath();
    Path real = resolved(absolute);
    if (real != null && !real.toString().equals(of(absolute))) {
      learn(absolute);
    }
  }

  private static @Nullable Path resolved(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }
}
