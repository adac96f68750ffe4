package io.sluice.core.stream;

/** What became of an appended entry. */
public sealed interface Appended {

  /**
   * The entry is in Redis.
   *
   * @param entryId its id in the stream
   */
  record There(String entryId) implements Appended {}

  /** The entry is certainly not in Redis and never will be. */
  record NotThere() implements Appended {}

  /**
   * Unknown, because the answer was lost: the entry may be in Redis, or may already have been read
   * and deleted.
   *
   * @param entryId the id that the entry has if it was stored
   */
  record Unknown(String entryId) implements Appended {}
}
