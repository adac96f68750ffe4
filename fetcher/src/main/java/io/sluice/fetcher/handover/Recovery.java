package io.sluice.fetcher.handover;

import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, before the first lease is issued, what became of the leases that the previous fetcher
 * process left (docs/handover.md, "The restart of the fetcher"). The URLs of leases in neither
 * stream are queued again. The previous process's note shows why they are missing:
 *
 * <ul>
 *   <li>Redis lost them, if it had them at an orderly stop or if its epoch has changed. A message
 *       informs the user, since the output may already contain their pages.
 *   <li>The frontier was restored from a copy, if Redis has a later incarnation. A message informs
 *       the user of this, too.
 *   <li>Otherwise, their visits were in progress when the process crashed, and one of them may have
 *       caused the crash.
 * </ul>
 *
 * <p>Used once, on one thread.
 */
final class Recovery {

  private static final Logger log = LoggerFactory.getLogger(Recovery.class);

  private final LeaseRecovery leases;
  private final LeaseReconciler reconciler;
  private final Outstanding outstanding;
  private final Records records;
  private final OutcomeLoop loop;
  private final String redis;

  /**
   * @param redis the server's address, for messages
   */
  Recovery(
      LeaseRecovery leases,
      LeaseReconciler reconciler,
      Outstanding outstanding,
      Records records,
      OutcomeLoop loop,
      String redis) {
    this.leases = leases;
    this.reconciler = reconciler;
    this.outstanding = outstanding;
    this.records = records;
    this.loop = loop;
    this.redis = redis;
  }

  /**
   * The state in which the previous run left the note and Redis.
   *
   * @param note the previous process's note
   * @param incarnationInRedis the highest incarnation recorded in Redis
   * @param epoch the epoch in Redis now
   */
  record Before(HandoverNote note, long incarnationInRedis, String epoch) {

    /** Whether a run later than the frontier's last one has used this Redis. */
    boolean frontierIsOlder() {
      return incarnationInRedis > note.incarnation();
    }

    boolean sameRedis() {
      return note.epoch().equals(epoch);
    }
  }

  /**
   * Recovers the leases; blocks until everything is journaled.
   *
   * @return messages for the user, one line each
   */
  List<String> run(Before before, Deadline deadline) throws RedisUnavailableException {
    Set<LeaseId> out = leases.outAtStart();
    LeaseReconciler.Found found = reconciler.find(out);
    records.found(found.pages().records());
    Set<LeaseId> lost = found.gone();
    List<LeaseId> kept = out.stream().filter(lease -> !lost.contains(lease)).toList();
    for (LeaseId lease : kept) {
      String entryId = found.pages().leases().get(lease);
      if (entryId != null) {
        outstanding.found(lease, entryId);
      }
    }
    loop.applyWaiting(deadline);
    List<String> findings = findings(before, lost);
    findings.forEach(log::warn);
    awaitJournaled(queueAgain(before, lost), deadline);
    if (!out.isEmpty()) {
      log.info(
          "of {} leases that were out, {} are with parsers or parsed, and {} were given back",
          out.size(),
          kept.size(),
          lost.size());
    }
    return findings;
  }

  private CompletionStage<Void> queueAgain(Before before, Set<LeaseId> lost) {
    boolean died = before.note().resting() == null;
    boolean inHand = died && before.sameRedis() && !before.frontierIsOlder();
    return inHand ? leases.strike(lost) : leases.giveBack(lost);
  }

  private List<String> findings(Before before, Set<LeaseId> lost) {
    List<String> findings = new ArrayList<>();
    if (before.frontierIsOlder()) {
      findings.add(
          "the frontier is older than Redis at %s (incarnation %d there, %d here): it was restored from a copy, so work done since then is repeated, and the output may contain its pages twice"
              .formatted(redis, before.incarnationInRedis(), before.note().incarnation()));
    }
    Set<LeaseId> resting = before.note().resting();
    Set<LeaseId> gone = new HashSet<>(lost);
    if (resting != null) {
      gone.retainAll(resting);
      if (!gone.isEmpty()) {
        findings.add(
            "%d of %d pages that rested in Redis when the crawl stopped are gone: Redis at %s lost them, or is a different server; they will be fetched again, and the output may contain them twice"
                .formatted(gone.size(), resting.size(), redis));
      }
    } else if (!gone.isEmpty() && !before.note().epoch().isEmpty() && !before.sameRedis()) {
      findings.add(
          "Redis at %s lost its data since the last run, or is a different server: %d pages will be fetched again, and the output may contain some of them twice"
              .formatted(redis, gone.size()));
    }
    return findings;
  }

  private static void awaitJournaled(CompletionStage<Void> stage, Deadline deadline)
      throws RedisUnavailableException {
    CompletableFuture<Void> journaled = stage.toCompletableFuture();
    try {
      if (!deadline.await(journaled)) {
        throw new RedisUnavailableException("leases could not be given back in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException("interrupted while leases were given back");
    }
    if (journaled.isCompletedExceptionally()) {
      throw new RedisUnavailableException(
          "leases could not be given back: " + journaled.exceptionNow().getMessage());
    }
  }
}
