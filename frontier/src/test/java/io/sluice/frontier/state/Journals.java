package io.sluice.frontier.state;

import java.nio.file.Path;

/** What a store knows of its journal, for tests that damage it. Stateless. */
public final class Journals {

  private Journals() {}

  /** The journal's file. */
  public static Path file(ShardStore store) {
    return store.journalFile();
  }

  /** The length of the journal's file that would survive a power failure, in bytes. */
  public static long durableLength(ShardStore store) {
    return store.durableLength();
  }
}
