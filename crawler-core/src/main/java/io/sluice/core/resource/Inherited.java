package io.sluice.core.resource;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The descriptors that were open before any part of the process opened one: standard streams, and
 * what the parent process left open. Files among them are known by device and inode, so that they
 * may be renamed, rotated or removed; everything else is known by what it leads to. Immutable.
 */
final class Inherited {

  private final ProcFd kernel;
  private final Map<Integer, String> targets;
  private final Map<Integer, FileIdentity> files = new HashMap<>();

  /**
   * Records the open descriptors.
   *
   * @param targets each descriptor with the target of its link
   */
  Inherited(ProcFd kernel, Map<Integer, String> targets) {
    this.kernel = kernel;
    this.targets = Map.copyOf(targets);
    targets.forEach(
        (descriptor, target) ->
            fileAt(descriptor, target).ifPresent(file -> files.put(descriptor, file)));
  }

  /**
   * Whether a descriptor, which now leads to {@code target}, is one of those that were open before.
   */
  boolean has(Integer descriptor, String target) {
    return target.equals(targets.get(descriptor))
        || (files.containsKey(descriptor)
            && fileAt(descriptor, target).equals(Optional.of(files.get(descriptor))));
  }

  /**
   * The targets of sockets and pipes contain their inode; other targets without a path share one.
   */
  private Optional<FileIdentity> fileAt(Integer descriptor, String target) {
    return target.startsWith("/") ? kernel.identity(descriptor) : Optional.empty();
  }
}
