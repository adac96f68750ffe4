package io.sluice.frontier.repair;

import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLog;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event;
import io.sluice.frontier.state.Event.Asked;
import io.sluice.frontier.state.Event.CrawlDelayChanged;
import io.sluice.frontier.state.Event.DomainAdmitted;
import io.sluice.frontier.state.Event.Done;
import io.sluice.frontier.state.Event.GivenBack;
import io.sluice.frontier.state.Event.HoppedBack;
import io.sluice.frontier.state.Event.HostAdded;
import io.sluice.frontier.state.Event.HostChanged;
import io.sluice.frontier.state.Event.HostGivenUp;
import io.sluice.frontier.state.Event.Leased;
import io.sluice.frontier.state.Event.LeftAlone;
import io.sluice.frontier.state.Event.Postponed;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.Event.Retried;
import io.sluice.frontier.state.Event.RetriesWoken;
import io.sluice.frontier.state.Event.RevisitsMoved;
import io.sluice.frontier.state.Event.RevisitsWoken;
import io.sluice.frontier.state.Event.SeedRefused;
import io.sluice.frontier.state.Event.SetAside;
import io.sluice.frontier.state.EventCodec;
import io.sluice.frontier.state.LogLines;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies a journal's events exactly up to the first damaged one. From later events it takes only
 * facts that are true regardless of what was lost: URLs that were accepted, and ends of known
 * leases. A lease whose URL depends on earlier events is skipped, and its URL is visited again.
 * Used once, on one thread.
 */
final class JournalSalvage {

  private final ShardFiles files;
  private final ShardState state;
  private final Fingerprints fingerprints;
  private final ShardState.EndedUrls ended;
  private final Consumer<String> losses;
  private boolean exact;
  private long taken;
  private long passed;

  JournalSalvage(
      ShardFiles files,
      ShardState state,
      Fingerprints fingerprints,
      CrawlLog log,
      Consumer<String> losses) {
    this.files = files;
    this.state = state;
    this.fingerprints = fingerprints;
    this.ended = new LogLines(log);
    this.losses = losses;
  }

  /**
   * Reads the journal of a generation.
   *
   * @param whole whether the state is exactly the one that the journal starts from
   */
  void replay(long generation, boolean whole) throws IOException {
    exact = whole;
    Path file = ShardStore.file(files, ShardStore.JOURNAL, generation);
    if (!Files.exists(file)) {
      losses.accept(file + ": is missing: what happened since the checkpoint is lost");
      return;
    }
    try (RecordReader reader = RecordReader.openUnchecked(file, files.ledger())) {
      for (boolean more = reader.next(); more || !reader.complete(); more = reader.next()) {
        if (!more && !passBroken(reader)) {
          break;
        }
        apply(reader);
      }
    }
    if (passed > 0) {
      losses.accept(
          ("%s: after the damage, %d URLs and ends were recovered; %d leases are unknown, so their"
                  + " URLs will be visited again")
              .formatted(file, taken, passed));
    }
  }

  /**
   * Continues after a broken record; returns false at a torn tail, or if no sound record follows.
   */
  private boolean passBroken(RecordReader reader) throws IOException {
    long broken = reader.nextOffset();
    if (exact) {
      try {
        reader.refuseDamage();
        return false; // a torn tail, which every start cuts
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
        state.apply(event, ended);
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
          state.apply(refused, ended);
        }
      }
      case Reserved(long upTo) ->
          state.apply(new Reserved(Math.max(upTo, state.reservedUpTo())), ended);
      case Leased _ -> passed++;
      case Done done -> {
        if (state.lease(done.sequence()) != null) {
          state.apply(new Done(done.sequence(), done.end(), List.of(), done.plan()), ended);
          taken++;
        }
        for (Queued queued : done.accepted()) {
          accept(queued);
        }
      }
      case Retried retried -> applyToLease(retried.sequence(), retried);
      case Postponed postponed -> applyToLease(postponed.sequence(), postponed);
      case SetAside aside -> applyToLease(aside.sequence(), aside);
      case HoppedBack back -> applyToLease(back.sequence(), back);
      case GivenBack back -> applyToLease(back.sequence(), back);
      case DomainAdmitted admitted -> state.apply(admitted, ended);
      case LeftAlone leftAlone -> state.apply(leftAlone, ended);
      case Asked asked -> state.apply(asked, ended);
      // URLs stay on the calendars, and later visits find out the hosts' states again.
      case RevisitsWoken _,
          RevisitsMoved _,
          RetriesWoken _,
          CrawlDelayChanged _,
          HostChanged _,
          HostGivenUp _ -> {}
    }
  }

  private void applyToLease(long sequence, Event event) throws IOException {
    if (state.lease(sequence) != null) {
      state.apply(event, ended);
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
    Queued known =
        new Queued(host, queued.fingerprint(), queued.prefix(), queued.how(), queued.url());
    state.apply(known, ended);
    taken++;
  }

  private HostQueue host(String name) {
    HostQueue known = state.host(name);
    return known == null ? state.restoreHost(name, Duration.ZERO, 0, HostState.First.STATE) : known;
  }
}
