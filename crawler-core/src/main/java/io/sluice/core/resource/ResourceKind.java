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

  /** The kind as metrics and reports spell it. */
  public String word() {
    return word;
  }
}
