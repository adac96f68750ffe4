package io.sluice.core.resource;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's list of a process's descriptors, {@code /proc/<pid>/fd}, and their limit. Immutable;
 * each call reads again.
 */
final class ProcFd {

  private static final String LIMIT = "Max open files";

  private final Path proc;

  /** Reads under {@code proc}, which is {@code /proc/self} or a recording of one. */
  ProcFd(Path proc) {
    this.proc = proc;
  }

  /**
   * The open descriptors, the one of this listing included, which is closed on return; null if the
   * system does not list them.
   */
  @Nullable List<Integer> list() {
    List<Integer> descriptors = new ArrayList<>();
    try (DirectoryStream<Path> listing = Files.newDirectoryStream(proc.resolve("fd"))) {
      for (Path link : listing) {
        descriptors.add(Integer.valueOf(link.getFileName().toString()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      return null;
    }
    return descriptors;
  }

  /** The targets of these descriptors' links, without those that are closed. */
  Map<Integer, String> targets(Collection<Integer> descriptors) {
    Map<Integer, String> targets = HashMap.newHashMap(descriptors.size());
    Path links = proc.resolve("fd");
    for (Integer descriptor : descriptors) {
      String target = target(links.resolve(descriptor.toString()));
      if (target != null) {
        targets.put(descriptor, target);
      }
    }
    return targets;
  }

  /** The identity of a descriptor's open file, which may have been removed. */
  Optional<FileIdentity> identity(int descriptor) {
    return FileIdentity.of(proc.resolve("fd").resolve(Integer.toString(descriptor)));
  }

  /** The soft limit; empty if it is unlimited or unknown. */
  OptionalInt limit() {
    try {
      for (String line : Files.readAllLines(proc.resolve("limits"))) {
        if (line.startsWith(LIMIT)) {
          return OptionalInt.of(
              Integer.parseInt(line.substring(LIMIT.length()).strip().split(" ", 2)[0]));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return OptionalInt.empty();
    }
    return OptionalInt.empty();
  }

  /** Null if the descriptor was closed meanwhile, or is the one that listed the folder. */
  private static @Nullable String target(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/proc/") && target.endsWith("/fd") ? null : target;
    } catch (IOException e) {
      return null;
    }
  }
}
