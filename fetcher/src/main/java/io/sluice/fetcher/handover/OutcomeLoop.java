package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.stream.OutcomeReader;
import io.sluice.core.stream.OutcomeReader.Arrived;
import io.sluice.core.stream.OutcomeReader.Reading;
import io.sluice.core.stream.PartitionStreams;
import io.sluice.core.stream.Session;
import io.sluice.core.stream.SupersededException;
import io.sluice.core.url.Url;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes outcomes: reads each, settles its lease at the desk with its links as offers, and
 * deletes it once the settlement is journaled. An outcome that is read twice is settled only once
 * while its first settlement is in progress; after that the desk ignores it.
 *
 * <p>Confined to the thread that runs it; settlements complete on threads of the desk.
 */
final class OutcomeLoop {

  private static final Logger log = LoggerFactory.getLogger(OutcomeLoop.class);

  /** Maximum number of outcomes read at once. */
  private static final int BATCH = 128;

  /** Maximum number of outcomes that are read but not yet deleted. */
  private static final int MAX_IN_PROGRESS = 4_096;

  /** Maximum number of outcomes deleted by one command. */
  private static final int DELETE_AT_ONCE = 512;

  private static final Duration BLOCK = Duration.ofMillis(200);
  private static final long PAUSE_MILLIS = 10;
  private static final long RETRY_MILLIS = 200;

  private final OutcomeReader reader;
  private final PartitionStreams streams;
  private final LeaseDesk desk;
  private final Outstanding outstanding;
  private final OutcomeMetrics metrics;
  private final Duties duties;

  /** Ids of entries that are read but not yet deleted. */
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  /** Ids of entries whose settlement is journaled, so that they can be deleted. */
  private final Queue<String> journaled = new ConcurrentLinkedQueue<>();

  /** Pending requests for a new incarnation. */
  private final Queue<CompletableFuture<Long>> renewals = new ConcurrentLinkedQueue<>();

  private @Nullable Session session;
  private volatile boolean ended;
  private volatile boolean unsettled;
  private volatile boolean stopping;

  /**
   * @param duties the other work of the loop's thread
   */
  OutcomeLoop(
      OutcomeReader reader,
      PartitionStreams streams,
      LeaseDesk desk,
      Outstanding outstanding,
      MeterRegistry registry,
      Duties duties) {
    this.reader = reader;
    this.streams = streams;
    this.desk = desk;
    this.outstanding = outstanding;
    this.metrics = new OutcomeMetrics(registry);
    this.duties = duties;
  }

  /** Further work for the loop's thread, which may wait for Redis and for a disk. */
  interface Duties {

    /** Takes an incarnation above every entry in the stream of pages. */
    long newIncarnation() throws IOException;

    /** Handles a certain or possible loss of data in Redis. */
    void sessionChanged(Session session);

    /** Called a few times a second. */
    void eachRound();

    /**
     * Called when the partition belongs to another process, which ends the loop.
     *
     * @param line a message for the user
     */
    void superseded(String line);
  }

  /** Requests a new incarnation, which the loop takes in its next round. Thread-safe. */
  CompletionStage<Long> renewedIncarnation() {
    CompletableFuture<Long> renewal = new CompletableFuture<>();
    renewals.add(renewal);
    if (ended) {
      failRenewals();
    }
    return renewal;
  }

  private void failRenewals() {
    for (CompletableFuture<Long> renewal = renewals.poll();
        renewal != null;
        renewal = renewals.poll()) {
      renewal.completeExceptionally(new RedisLostException("the outcome loop has ended"));
    }
  }

  /** Reads the epoch in Redis, and adopts it as the one in which pages are published. */
  String begin() {
    Session found = reader.read(1, Duration.ZERO).session();
    reader.rewind();
    session = found;
    return found.epoch();
  }

  /**
   * Settles all outcomes that are waiting in the stream, and returns once the settlements are
   * journaled.
   */
  void applyWaiting(Deadline deadline) {
    while (!deadline.passed()) {
      Reading reading = reader.read(BATCH, Duration.ZERO);
      if (reading.outcomes().isEmpty()) {
        break;
      }
      reading.outcomes().forEach(this::settle);
      awaitRoom(deadline);
    }
    settleDown(deadline);
  }

  /** Runs until {@link #stop}. */
  void run() {
    try {
      runRounds();
    } catch (SupersededException e) {
      duties.superseded(String.valueOf(e.getMessage()));
    } finally {
      ended = true;
      failRenewals();
    }
  }

  private void runRounds() {
    while (!stopping) {
      try {
        round();
      } catch (SupersededException e) {
        throw e;
      } catch (RedisLostException e) {
        if (!stopping) {
          log.debug(
              "outcomes cannot be read: {}", e.getMessage()); // the pool reports the state of Redis
          metrics.readFailed();
          pause(RETRY_MILLIS);
        }
      } catch (RuntimeException e) {
        log.error("the outcome loop failed and will try again", e);
        pause(RETRY_MILLIS);
      }
    }
  }

  /** Ends {@link #run} after its current round. */
  void stop() {
    stopping = true;
  }

  /** The number of outcomes that are read but not yet deleted. */
  int inProgress() {
    return inProgress.size();
  }

  /** Waits until all outcomes that were read are journaled and deleted. */
  void settleDown(Deadline deadline) {
    while (!inProgress.isEmpty() && !deadline.passed()) {
      deleteJournaled();
      if (!inProgress.isEmpty() && !pause(PAUSE_MILLIS)) {
        break;
      }
    }
  }

  private void round() {
    if (unsettled) {
      unsettled = false;
      pause(RETRY_MILLIS); // an immediate retry would probably fail, too
      reader.rewind();
    }
    duties.eachRound();
    renewIncarnation();
    Reading reading = reader.read(BATCH, BLOCK);
    if (!reading.session().equals(session)) {
      log.info("Redis restarted or lost its data: looking for the pages that were in it");
      duties.sessionChanged(reading.session());
      session = reading.session();
    }
    if (!reading.outcomes().isEmpty()) {
      KillPoint.OUTCOMES_READ.reached();
    }
    reading.outcomes().forEach(this::settle);
    deleteJournaled();
    awaitRoom(Deadline.in(Duration.ofSeconds(5)));
  }

  /** Takes a new incarnation, if one was requested. Called on the loop's thread. */
  void renewIncarnation() {
    CompletableFuture<Long> renewal = renewals.poll();
    if (renewal == null) {
      return;
    }
    try {
      renewal.complete(duties.newIncarnation());
    } catch (SupersededException e) {
      renewal.completeExceptionally(e);
      throw e;
    } catch (IOException | RedisLostException e) {
      log.warn("no new incarnation can be taken, so pages are waiting: {}", e.getMessage());
      renewal.completeExceptionally(e);
    }
  }

  private void awaitRoom(Deadline deadline) {
    while (inProgress.size() > MAX_IN_PROGRESS && !deadline.passed() && !stopping) {
      deleteJournaled();
      pause(PAUSE_MILLIS);
    }
  }

  private void settle(Arrived arrived) {
    String entryId = arrived.entryId();
    if (!inProgress.add(entryId)) {
      return;
    }
    try {
      settle(entryId, arrived.outcome());
    } catch (RuntimeException e) {
      log.error("outcome {} could not be settled; it is read again", entryId, e);
      metrics.settleFailed();
      inProgress.remove(entryId);
      unsettled = true;
    }
  }

  private void settle(String entryId, Decoded<Outcome> decoded) {
    switch (decoded) {
      case Decoded.Whole<Outcome>(Outcome outcome) -> {
        metrics.read(outcome.end().ending());
        settle(
            entryId,
            outcome.lease(),
            new Settlement.Done(endOf(outcome), offers(outcome), outcome.version()));
      }
      case Decoded.Malformed<Outcome>(String reason, LeaseId lease) -> {
        log.warn("outcome {} cannot be read: {}", entryId, reason);
        metrics.readMalformed();
        if (lease == null) {
          journaled.add(entryId);
        } else {
          settle(entryId, lease, new Settlement.Done(malformed(), List.of()));
        }
      }
    }
  }

  private void settle(String entryId, LeaseId lease, Settlement.Done done) {
    desk.settle(lease, done)
        .whenComplete(
            (nothing, failure) -> {
              if (failure == null) {
                outstanding.remove(lease);
                journaled.add(entryId);
              } else {
                log.debug("lease {} was not settled; its outcome stays in Redis", lease, failure);
                inProgress.remove(entryId);
                unsettled = true;
              }
            });
  }

  /**
   * How the URL of an outcome ends. A page that was parsed successfully still counts as failed if
   * it is the error page of a server that never recovered.
   */
  private static UrlEnd endOf(Outcome outcome) {
    UrlEnd end = outcome.end();
    boolean well = end.ending() == Ending.PAGE && end.isBecauseOf(Reason.OK);
    Reason trouble = well ? Reason.ofPassingStatus(end.status()) : null;
    return trouble == null ? end : end.because(trouble);
  }

  private static List<Offer> offers(Outcome outcome) {
    List<Offer> offers = new ArrayList<>(outcome.links().size() + 1);
    UrlEnd.Target target = outcome.end().target();
    Url moved = target == null ? null : Url.parse(target.href());
    if (moved != null) {
      // The target is offered first, so that the same URL, if it is among the links, does not count
      // as
      // deeper.
      offers.add(
          new Offer(moved, outcome.depth(), outcome.url(), outcome.chain(), outcome.labels()));
    }
    int depth = outcome.depth() + 1;
    Labels labels = outcome.labels().ofLinks();
    for (String link : outcome.links()) {
      Url url = Url.parse(link);
      if (url != null) {
        offers.add(new Offer(url, depth, outcome.url(), List.of(), labels));
      }
    }
    return offers;
  }

  private static UrlEnd malformed() {
    return new UrlEnd(Ending.FAILED, Reason.MALFORMED_OUTCOME, 0, null, Instant.now(), 0, 0);
  }

  private void deleteJournaled() {
    List<String> batch = new ArrayList<>();
    for (String id = journaled.poll(); id != null; id = journaled.poll()) {
      batch.add(id);
      if (batch.size() == DELETE_AT_ONCE) {
        delete(List.copyOf(batch));
        batch.clear();
      }
    }
    if (!batch.isEmpty()) {
      delete(batch);
    }
  }

  private void delete(List<String> entryIds) {
    KillPoint.OUTCOME_JOURNALED.reached();
    streams
        .deleteOutcomes(entryIds)
        .whenComplete(
            (deleted, failure) -> {
              if (failure != null) {
                log.debug("{} outcomes were not deleted; they are read again", entryIds.size());
                unsettled = true;
              }
              entryIds.forEach(inProgress::remove);
            });
  }

  private static boolean pause(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
