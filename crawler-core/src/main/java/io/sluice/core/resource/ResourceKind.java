package io.sluice.core.resource;

import java.util.Locale;

/** The kind of a resource; descriptors are counted by these words in {@code sluice_fds{kind}}. */
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
  /** A descriptor without an owner, which is a defect. */
  UNATTRIBUTED,
  /** This and the kinds below are not descriptors, but have owners all the same. */
  THREAD,
  PROCESS,
  TIMER,
  BUFFER;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** Whether such a resource is a descriptor; others are counted only by the ledger. */
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
