package io.sluice.fetcher.handover;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.message.Capture;
import io.sluice.core.message.RecordCodec;
import io.sluice.core.message.RecordId;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.stream.Appended;
import io.sluice.core.stream.PageAppender;
import io.sluice.core.stream.PartitionStreams;
import io.sluice.core.stream.Session;
import io.sluice.fetcher.handover.PagePublisher.Handed;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes record-only entries to the stream of pages, and checks periodically which of them
 * parsers have committed.
 *
 * <p>Thread-safe; {@link #lookDue} and {@link #sessionChanged} are confined to the outcome thread.
 */
final class RecordPublisher {

  private static final Logger log = LoggerFactory.getLogger(RecordPublisher.class);
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Records records;
  private final PartitionStreams streams;
  private final AtomicInteger inFlight;
  private final LongSupplier nanoTime;
  private final Counter published;
  private final Counter lost;
  private final AtomicLong number = new AtomicLong();

  private long lookedNanos;
  private String epoch = "";

  /**
   * @param inFlight counts entries, including pages, that were accepted and that Redis has not
   *     answered for
   */
  RecordPublisher(
      Records records,
      PartitionStreams streams,
      AtomicInteger inFlight,
      MeterRegistry registry,
      LongSupplier nanoTime) {
    this.records = records;
    this.streams = streams;
    this.inFlight = inFlight;
    this.nanoTime = nanoTime;
    this.published =
        Counter.builder("sluice.records.published")
            .description("Exchanges to archive without parsing that Redis has taken")
            .register(registry);
    this.lost =
        Counter.builder("sluice.records.lost")
            .description("Upper bound of the exchanges lost when Redis lost its data")
            .register(registry);
    this.lookedNanos = nanoTime.getAsLong();
  }

  /** Sets the epoch in which entries are published. Call this before the outcome thread starts. */
  void begin(String inEpoch) {
    epoch = inEpoch;
  }

  /**
   * Publishes an exchange.
   *
   * @param incarnation the incarnation at this process's start
   */
  CompletionStage<Handed> publish(Capture capture, long incarnation, PageAppender appender) {
    RecordId id = new RecordId(incarnation, number.incrementAndGet());
    StreamEntry entry = RecordCodec.encode(new RecordOnly(id, capture));
    records.sending(id, entry.occupies());
    inFlight.incrementAndGet();
    return append(id, entry, appender)
        .whenComplete((handed, failure) -> inFlight.decrementAndGet());
  }

  private CompletionStage<Handed> append(RecordId id, StreamEntry entry, PageAppender appender) {
    return appender
        .append(entry)
        .thenCompose(
            appended ->
                switch (appended) {
                  case Appended.There(String entryId) -> {
                    published.increment();
                    records.there(id, entryId);
                    yield done(new Handed.Accepted(entry.occupies()));
                  }
                  case Appended.NotThere() -> {
                    records.notThere(id);
                    yield done(new Handed.NotSent());
                  }
                  // No outcome will show whether Redis has the entry, so the entry is resent with
                  // the same record id. A closed appender answers that Redis does not have the
                  // entry.
                  case Appended.Unknown _ -> append(id, entry, appender);
                });
  }

  private static CompletionStage<Handed> done(Handed handed) {
    return CompletableFuture.completedFuture(handed);
  }

  /**
   * Checks which entries are gone from the stream, at most five times a second. Blocks for a round
   * trip.
   */
  void lookDue() {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos < LOOK_EVERY_NANOS) {
      return;
    }
    lookedNanos = now;
    List<String> answered = records.answered();
    if (!answered.isEmpty()) {
      records.gone(streams.gone(epoch, answered));
    }
  }

  /** The ids of entries that Redis has answered for, to be compared with a later scan. */
  List<String> answered() {
    return records.answered();
  }

  /**
   * Called when Redis has restarted or lost data. An entry that is missing in the new epoch was
   * lost, or was committed just before; either way it is no longer owed. The stream is compared
   * entry by entry, since the group that {@link #lookDue} relies on may be lost, too.
   *
   * @param answered ids of entries that Redis had answered for before the scan
   * @param found ids of entries that a scan of the stream has found
   */
  void sessionChanged(Session session, List<String> answered, Collection<String> found) {
    Set<String> gone = new HashSet<>(answered);
    gone.removeAll(new HashSet<>(found));
    records.gone(gone);
    if (!gone.isEmpty() && !session.epoch().equals(epoch)) {
      lost.increment(gone.size());
      log.warn(
          "Redis lost its data: up to {} redirects, robots.txt files and responses that were tried"
              + " again may be missing in the WARC files",
          gone.size());
    }
    epoch = session.epoch();
  }
}
