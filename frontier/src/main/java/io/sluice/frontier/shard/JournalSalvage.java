package io.sluice.frontier.shard;

import io.sluice.core.lease.UrlEnd;
import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLog;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.shard.Event.CrawlDelayChanged;
import io.sluice.frontier.shard.Event.Done;
import io.sluice.frontier.shard.Event.GivenBack;
import io.sluice.frontier.shard.Event.HostAdded;
import io.sluice.frontier.shard.Event.Leased;
import io.sluice.frontier.shard.Event.Queued;
import io.sluice.frontier.shard.Event.Reserved;
import io.sluice.frontier.shard.Event.Retried;
import io.sluice.frontier.shard.Event.SeedRefused;
import io.sluice.frontier.shard.Event.Woken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies a journal's events exactly up to the first that is damaged; of those behind it, what is
 * true whatever was lost: URLs that were accepted, and ends of leases that are known. A lease whose
 * URL follows from what came before is passed over: its URL is visited again. Used once, on one
 * thread.
 */
final class JournalSalvage {

  private final ShardPlace place;
  private final ShardState state;
  private final Fingerprints fingerprints;
  private final CrawlLog log;
  private final Consumer<String> losses;
  private boolean exact;
  private long taken;
  private long passed;

  JournalSalvage(
      ShardPlace place,
      ShardState state,
      Fingerprints fingerprints,
      CrawlLog log,
      Consumer<String> losses) {
    this.place = place;
    this.state = state;
    this.fingerprints = fingerprints;
    this.log = log;
    this.losses = losses;
  }

  /**
   * Reads the journal of a generation.
   *
   * @param whole whether the state is that of the journal's beginning
   */
  void replay(long generation, boolean whole) throws IOException {
    exact = whole;
    Path file = ShardStore.file(place, ShardStore.JOURNAL, generation);
    if (!Files.exists(file)) {
      losses.accept(file + ": is missing: what happened since the checkpoint is lost");
      return;
    }
    try (RecordReader reader = RecordReader.openUnchecked(file, place.ledger())) {
      for (boolean more = reader.next(); more || !reader.complete(); more = reader.next()) {
        if (!more && !passBroken(reader)) {
          break;
        }
        apply(reader);
      }
    }
    if (passed > 0) {
      losses.accept(
          ("%s: behind the damage %d URLs and ends were taken up, %d leases are not known:"
                  + " their URLs are visited again")
              .formatted(file, taken, passed));
    }
  }

  /** Goes on behind a record that does not hold; false at a torn tail or if nothing is behind. */
  private boolean passBroken(RecordReader reader) throws IOException {
    long broken = reader.nextOffset();
    if (exact) {
      try {
        reader.refuseDamage();
        return false; // a torn tail, which any start cuts
      } catch (DamagedFileException e) {
        exact = false;
      }
    }
    boolean more = reader.nextSound();
    String end = more ? String.valueOf(reader.offset()) : "the end";
    losses.accept("%s: bytes %d to %s are lost".formatted(reader.file(), broken, end));
    return more;
  }

  private void apply(RecordReader record) throws IOException {
    try {
      Event event = EventCodec.read(record);
      if (exact) {
        state.apply(event, this::ended);
      } else {
        applyWhatIsTrue(event);
      }
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      exact = false;
      losses.accept(
          "%s: the event at byte %d is lost: %s"
              .formatted(record.file(), record.offset(), e.getMessage()));
    }
  }

  private void applyWhatIsTrue(Event event) throws IOException {
    switch (event) {
      case HostAdded(String name) -> host(name);
      case Queued queued -> accept(queued);
      case SeedRefused refused -> {
        if (!state.seen().contains(refused.fingerprint())) {
          state.apply(refused, this::ended);
        }
      }
      case Reserved(long upTo) ->
          state.apply(new Reserved(Math.max(upTo, state.reservedUpTo())), this::ended);
      case Leased leased -> lease(leased);
      case Done done -> {
        if (state.lease(done.sequence()) != null) {
          state.apply(new Done(done.sequence(), done.end(), List.of(), done.plan()), this::ended);
          taken++;
        }
        for (Queued queued : done.accepted()) {
          accept(queued);
        }
      }
      case Retried retried -> applyToLease(retried.sequence(), retried);
      case GivenBack back -> applyToLease(back.sequence(), back);
      case Woken ignored -> {} // what was on the calendar stays there
      case CrawlDelayChanged ignored -> {} // asked for again, with the host's robots.txt
    }
  }

  private void applyToLease(long sequence, Event event) throws IOException {
    if (state.lease(sequence) != null) {
      state.apply(event, this::ended);
    }
  }

  private void lease(Leased leased) throws IOException {
    WaitingRetry retry = leased.retryOf() == 0 ? null : state.retry(leased.retryOf());
    if (retry == null) {
      passed++;
    } else {
      state.apply(new Leased(leased.sequence(), retry.host().id(), leased.retryOf()), this::ended);
    }
  }

  private void accept(Queued queued) throws IOException {
    Url url = Url.parse(queued.url().unpack().href());
    if (url == null || state.seen().contains(queued.fingerprint())) {
      return;
    }
    if (queued.fingerprint() != fingerprints.of(url.href())) {
      throw new IllegalStateException("a URL and its fingerprint do not agree");
    }
    int host = host(url.host()).id();
    state.apply(new Queued(host, queued.fingerprint(), queued.prefix(), queued.url()), this::ended);
    taken++;
  }

  private HostQueue host(String name) {
    HostQueue known = state.host(name);
    return known == null ? state.restoreHost(name, Duration.ZERO, 0) : known;
  }

  /** The crawl log's line of an end; none of a URL that cannot be read. */
  private void ended(QueuedUrl url, UrlEnd end) throws IOException {
    if (!url.href().isEmpty()) {
      log.write(url, end);
    }
  }
}
