package io.sluice.frontier.shard;

import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.journal.RecordWriter;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.shard.Event.CrawlDelayChanged;
import io.sluice.frontier.shard.Event.Done;
import io.sluice.frontier.shard.Event.GivenBack;
import io.sluice.frontier.shard.Event.HostAdded;
import io.sluice.frontier.shard.Event.Leased;
import io.sluice.frontier.shard.Event.Plan;
import io.sluice.frontier.shard.Event.Queued;
import io.sluice.frontier.shard.Event.Reserved;
import io.sluice.frontier.shard.Event.Retried;
import io.sluice.frontier.shard.Event.SeedRefused;
import io.sluice.frontier.shard.Event.Woken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Events as journal records; docs/frontier-format.md has them byte by byte. Stateless. */
final class EventCodec {

  private static final int HOST_ADDED = 1;
  private static final int CRAWL_DELAY_CHANGED = 2;
  private static final int QUEUED = 3;
  private static final int SEED_REFUSED = 4;
  private static final int RESERVED = 5;
  private static final int LEASED = 6;
  private static final int DONE = 7;
  private static final int RETRIED = 8;
  private static final int GIVEN_BACK = 9;
  private static final int WOKEN = 10;

  private EventCodec() {}

  /** Appends an event's record. */
  static void append(Event event, RecordWriter journal) {
    switch (event) {
      case HostAdded(String name) -> journal.begin(HOST_ADDED).putString(name);
      case CrawlDelayChanged(int host, Duration delay) ->
          journal.begin(CRAWL_DELAY_CHANGED).putVarint(host).putVarint(delay.toMillis());
      case Queued queued -> putQueued(queued, journal.begin(QUEUED));
      case SeedRefused refused -> putSeedRefused(refused, journal.begin(SEED_REFUSED));
      case Reserved(long upTo) -> journal.begin(RESERVED).putVarint(upTo);
      case Leased(long sequence, int host, long retryOf) ->
          journal.begin(LEASED).putVarint(sequence).putVarint(host).putVarint(retryOf);
      case Done done -> putDone(done, journal.begin(DONE));
      case Retried(long sequence, Duration after) ->
          journal.begin(RETRIED).putVarint(sequence).putVarint(after.toMillis());
      case GivenBack(long sequence) -> journal.begin(GIVEN_BACK).putVarint(sequence);
      case Woken(int count) -> journal.begin(WOKEN).putVarint(count);
    }
    journal.end();
  }

  /**
   * Reads the event of a record.
   *
   * @throws IllegalStateException if the record is none
   */
  static Event read(RecordReader record) {
    Decoder from = record.payload();
    return switch (record.type()) {
      case HOST_ADDED -> new HostAdded(from.takeString());
      case CRAWL_DELAY_CHANGED ->
          new CrawlDelayChanged(from.takeCount(), Duration.ofMillis(from.takeVarint()));
      case QUEUED -> takeQueued(from);
      case SEED_REFUSED ->
          new SeedRefused(
              from.takeLong(), PackedUrl.decode(from), from.takeString(), takeInstant(from));
      case RESERVED -> new Reserved(from.takeVarint());
      case LEASED -> new Leased(from.takeVarint(), from.takeCount(), from.takeVarint());
      case DONE -> takeDone(from);
      case RETRIED -> new Retried(from.takeVarint(), Duration.ofMillis(from.takeVarint()));
      case GIVEN_BACK -> new GivenBack(from.takeVarint());
      case WOKEN -> new Woken(from.takeCount());
      default -> throw new IllegalStateException("record type " + record.type());
    };
  }

  private static void putQueued(Queued queued, Encoder to) {
    to.putVarint(queued.host()).putLong(queued.fingerprint());
    if (queued.prefix() == PrefixRule.NONE) {
      to.putByte(0);
    } else {
      to.putByte(1).putLong(queued.prefix());
    }
    queued.url().encode(to);
  }

  private static Queued takeQueued(Decoder from) {
    return new Queued(
        from.takeCount(),
        from.takeLong(),
        from.takeByte() == 0 ? PrefixRule.NONE : from.takeLong(),
        PackedUrl.decode(from));
  }

  private static void putSeedRefused(SeedRefused refused, Encoder to) {
    to.putLong(refused.fingerprint());
    refused.url().encode(to);
    to.putString(refused.reason());
    putInstant(refused.at(), to);
  }

  private static void putDone(Done done, Encoder to) {
    UrlEnd end = done.end();
    to.putVarint(done.sequence()).putByte(EndingCode.of(end.ending())).putString(end.reason());
    to.putVarint(end.status()).putString(end.ip());
    putInstant(end.at(), to);
    to.putVarint(end.fetchMillis()).putVarint(end.bytes()).putVarint(done.accepted().size());
    for (Queued queued : done.accepted()) {
      putQueued(queued, to);
    }
    if (done.plan() != null) {
      done.plan().revisit().encode(to.putVarint(done.plan().dueSecond()));
    }
  }

  private static Done takeDone(Decoder from) {
    long sequence = from.takeVarint();
    UrlEnd end =
        new UrlEnd(
            EndingCode.ending(from.takeByte()),
            from.takeString(),
            from.takeCount(),
            from.takeNullableString(),
            takeInstant(from),
            from.takeVarint(),
            from.takeVarint());
    int count = from.takeCount();
    List<Queued> accepted = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      accepted.add(takeQueued(from));
    }
    Plan plan = from.exhausted() ? null : new Plan(from.takeVarint(), Revisit.decode(from));
    return new Done(sequence, end, accepted, plan);
  }

  private static void putInstant(Instant instant, Encoder to) {
    to.putLong(instant.getEpochSecond()).putVarint(instant.getNano());
  }

  private static Instant takeInstant(Decoder from) {
    return Instant.ofEpochSecond(from.takeLong(), from.takeVarint());
  }
}
