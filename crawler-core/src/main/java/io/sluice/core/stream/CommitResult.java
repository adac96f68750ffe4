package io.sluice.core.stream;

/** The result of a commit. Only {@link Committed} means that Redis was changed. */
public sealed interface CommitResult {

  /**
   * The outcomes were sent, the pages acknowledged and deleted, and the offsets recorded, all in
   * one step.
   */
  record Committed() implements CommitResult {}

  /**
   * Redis lost data, or may have, since the pages were read. The worker drops the batch, cuts its
   * files to the recorded offsets, and reads again; pages that survived are delivered again.
   */
  record StaleEpoch() implements CommitResult {}

  /**
   * A page of the batch no longer belongs to this consumer. The worker drops the batch, cuts its
   * files to the recorded offsets, and reads again; pages that still belong to it are delivered
   * again.
   */
  record NotOurs() implements CommitResult {}
}
