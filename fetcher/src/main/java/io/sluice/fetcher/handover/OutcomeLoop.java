package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.redis.OutcomeReader;
import io.sluice.core.redis.OutcomeReader.Arrived;
import io.sluice.core.redis.OutcomeReader.Reading;
import io.sluice.core.redis.PartitionStreams;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.Session;
import io.sluice.core.url.Url;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings outcomes home: reads them, ends their leases at the desk with the links as offers, and
 * deletes them once that is journaled. An outcome that is read twice is settled once as long as its
 * first settlement is under way; later the desk ignores it.
 *
 * <p>Confined to the thread that runs it; settlements complete on threads of the desk.
 */
final class OutcomeLoop {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeLoop.class);

  /** Outcomes read at once. */
  private static final int BATCH = 128;

  /** Outcomes read and not deleted yet, at most. */
  private static final int MAX_IN_PROGRESS = 4_096;

  /** Outcomes deleted by one command at most. */
  private static final int DELETE_AT_ONCE = 512;

  private static final Duration BLOCK = Duration.ofMillis(200);
  private static final long PAUSE_MILLIS = 10;
  private static final long RETRY_MILLIS = 200;

  private final OutcomeReader reader;
  private final PartitionStreams streams;
  private final LeaseDesk desk;
  private final Outstanding outstanding;
  private final MeterRegistry registry;
  private final Consumer<Session> sessionChanged;

  /** Entries that were read and not deleted. */
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  /** Entries whose settlement is journaled. */
  private final Queue<String> journaled = new ConcurrentLinkedQueue<>();

  private @Nullable Session session;
  private volatile boolean unsettled;
  private volatile boolean stopping;

  /**
   * @param sessionChanged called on the loop's thread when Redis lost data or may have
   */
  OutcomeLoop(
      OutcomeReader reader,
      PartitionStreams streams,
      LeaseDesk desk,
      Outstanding outstanding,
      MeterRegistry registry,
      Consumer<Session> sessionChanged) {
    this.reader = reader;
    this.streams = streams;
    this.desk = desk;
    this.outstanding = outstanding;
    this.registry = registry;
    this.sessionChanged = sessionChanged;
  }

  /** Makes sure that there is an epoch, and takes it for the one that pages are published in. */
  void begin() {
    session = reader.read(1, Duration.ZERO).session();
    reader.rewind();
  }

  /** Settles what waits in the stream now, and returns when it is journaled. */
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
    while (!stopping) {
      try {
        round();
      } catch (RedisLostException e) {
        if (!stopping) {
          LOG.debug("outcomes cannot be read: {}", e.getMessage()); // the pool tells of Redis
          registry.counter("sluice.outcomes.read.failures").increment();
          pause(RETRY_MILLIS);
        }
      } catch (RuntimeException e) {
        LOG.error("the outcome loop failed and goes on", e);
        pause(RETRY_MILLIS);
      }
    }
  }

  /** Ends {@link #run} after its current round. */
  void stop() {
    stopping = true;
  }

  /** How many outcomes were read and are not deleted. */
  int inProgress() {
    return inProgress.size();
  }

  /**
   * Waits until what was read is journaled and deleted.
   *
   * @return whether it is
   */
  boolean settleDown(Deadline deadline) {
    while (!inProgress.isEmpty() && !deadline.passed()) {
      deleteJournaled();
      if (!inProgress.isEmpty() && !pause(PAUSE_MILLIS)) {
        break;
      }
    }
    return inProgress.isEmpty();
  }

  private void round() {
    if (unsettled) {
      unsettled = false;
      pause(RETRY_MILLIS); // what failed a moment ago would fail again
      reader.rewind();
    }
    Reading reading = reader.read(BATCH, BLOCK);
    if (!reading.session().equals(session)) {
      LOG.info("Redis restarted or lost its data: looking for the pages that were there");
      sessionChanged.accept(reading.session());
      session = reading.session();
    }
    if (!reading.outcomes().isEmpty()) {
      KillPoint.OUTCOMES_READ.reached();
    }
    reading.outcomes().forEach(this::settle);
    deleteJournaled();
    awaitRoom(Deadline.in(Duration.ofSeconds(5)));
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
      LOG.error("outcome {} could not be settled; it is read again", entryId, e);
      registry.counter("sluice.outcomes.settle.failures").increment();
      inProgress.remove(entryId);
      unsettled = true;
    }
  }

  private void settle(String entryId, Decoded<Outcome> decoded) {
    switch (decoded) {
      case Decoded.Whole<Outcome>(Outcome outcome) -> {
        registry.counter("sluice.outcomes", "ending", outcome.end().ending().word()).increment();
        settle(
            entryId,
            outcome.lease(),
            new Settlement.Done(outcome.end(), offers(outcome), outcome.version()));
      }
      case Decoded.Malformed<Outcome>(String reason, LeaseId lease) -> {
        LOG.warn("outcome {} cannot be read: {}", entryId, reason);
        registry.counter("sluice.outcomes", "ending", "malformed").increment();
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
                LOG.debug("lease {} was not settled; its outcome stays", lease, failure);
                inProgress.remove(entryId);
                unsettled = true;
              }
            });
  }

  private static List<Offer> offers(Outcome outcome) {
    List<Offer> offers = new ArrayList<>(outcome.links().size());
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
    return new UrlEnd(Ending.FAILED, "malformed-outcome", 0, null, Instant.now(), 0, 0);
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
                LOG.debug("{} outcomes were not deleted; they are read again", entryIds.size());
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
