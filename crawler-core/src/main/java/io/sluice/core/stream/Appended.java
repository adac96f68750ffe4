package io.sluice.core.stream;

/** What became of an appended entry. */
public sealed interface Appended {

  /**
   * Redis has it.
   *
   * @param entryId its id in the stream
   */
  record There(String entryId) implements Appended {}

  /** Redis certainly does not have it and never will. */
  record NotThere() implements Appended {}

  /**
   * Unknown: the answer was lost, and the entry may have been read and deleted since.
   *
   * @param entryId the id that it would have
   */
  record Unknown(String entryId) implements Appended {}
}
