package io.sluice.fetcher.handover;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.stream.Ownership;
import io.sluice.core.stream.PartitionOwner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The period during which a process is its partition's fetcher. Takes, renews and ends the
 * ownership in Redis, and keeps the note for the next process in the crawl directory.
 *
 * <p>Thread-safe: the note is guarded by this object's lock, which is held while a small file is
 * written.
 */
final class Tenure {

  private static final Logger log = LoggerFactory.getLogger(Tenure.class);

  /** Maximum wait for Redis to accept the process's last state. */
  private static final Duration TELL_BOUND = Duration.ofSeconds(1);

  private final Ownership ownership;
  private final Path file;
  private final BriefFiles files;
  private HandoverNote note = HandoverNote.NONE;

  /**
   * Creates a tenure that has not begun.
   *
   * @param frontier the frontier's directory, which holds the note
   */
  Tenure(Ownership ownership, Path frontier, BriefFiles files) {
    this.ownership = ownership;
    this.file = frontier.resolve("handover");
    this.files = files;
  }

  /**
   * Takes the partition.
   *
   * @param formerBound until when to wait for an earlier process's connection to close
   * @param look reads the epoch once the partition is taken; the epoch is new if data was deleted
   *     meanwhile
   * @return the state before the partition was taken
   */
  synchronized Recovery.Before begin(Deadline formerBound, Supplier<String> look)
      throws RedisUnavailableException, IOException {
    HandoverNote former = HandoverNote.read(file, files);
    note = former;
    ownership.awaitFree(formerBound);
    long incarnationInRedis = ownership.take(former.incarnation(), this::note).former();
    return new Recovery.Before(former, incarnationInRedis, look.get());
  }

  /**
   * Records the epoch in the note: from now on, everything that this process expects in Redis
   * belongs to this epoch.
   */
  synchronized void epoch(String epoch) throws IOException {
    write(new HandoverNote(note.incarnation(), epoch, null));
  }

  /** See {@link Ownership#renew}. */
  long renew() throws IOException {
    return ownership.renew(this::note);
  }

  private synchronized void note(long incarnation) throws IOException {
    write(new HandoverNote(incarnation, note.epoch(), note.resting()));
  }

  private void write(HandoverNote changed) throws IOException {
    changed.write(file, files);
    note = changed;
  }

  /** Publishes the state of this process for parsers, which otherwise assume that it is running. */
  CompletableFuture<Void> tell(PartitionOwner.State state) {
    return ownership
        .state(state)
        .handle(
            (done, failure) -> {
              if (failure != null) {
                log.debug("the state {} of the fetcher was not written to Redis", state, failure);
              }
              return (Void) null;
            })
        .toCompletableFuture();
  }

  /**
   * Ends the tenure after an orderly stop.
   *
   * @param resting the leases whose pages or outcomes are certainly in Redis
   * @param redisAnswers whether Redis is reachable, so that waiting for it makes sense
   * @throws IOException if the note cannot be written
   */
  synchronized void end(Set<LeaseId> resting, boolean redisAnswers) throws IOException {
    CompletableFuture<Void> told = tell(PartitionOwner.State.STOPPED);
    try {
      if (redisAnswers) {
        Deadline.in(TELL_BOUND).await(told);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write(new HandoverNote(note.incarnation(), note.epoch(), resting));
  }
}
