package io.sluice.core.resource;

import java.util.Locale;

/** What a resource is; descriptors are counted under these words in {@code sluice_fds{kind}}. */
public enum ResourceKind {
  REDIS,
  HTTP,
  HTTPS,
  DNS,
  ADMIN,
  FRONTIER,
  OUTPUT,
  LOG,
  LIBRARY,
  PIPE,
  EPOLL,
  OTHER,
  /** A descriptor that nobody owns: a defect. */
  UNATTRIBUTED,
  /** Not descriptors, but owned all the same. */
  THREAD,
  PROCESS,
  TIMER,
  BUFFER;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Whether such a resource is a descriptor; those without one only the ledger counts. */
  public boolean hasDescriptor() {
    return switch (this) {
      case THREAD, PROCESS, TIMER, BUFFER -> false;
      default -> true;
    };
  }

  /** The kind as metrics and reports spell it. */
  public String word() {
    return word;
  }
}
