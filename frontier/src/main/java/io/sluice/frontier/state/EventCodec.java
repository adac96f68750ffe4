package io.sluice.frontier.state;

import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostStateCodec;
import io.sluice.frontier.journal.Decoder;
import io.sluice.frontier.journal.Encoder;
import io.sluice.frontier.journal.RecordReader;
import io.sluice.frontier.journal.RecordWriter;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.Revisit;
import io.sluice.frontier.scope.PrefixRule;
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
import io.sluice.frontier.state.Event.Plan;
import io.sluice.frontier.state.Event.Postponed;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.Event.Queued.How;
import io.sluice.frontier.state.Event.Reserved;
import io.sluice.frontier.state.Event.Retried;
import io.sluice.frontier.state.Event.RetriesWoken;
import io.sluice.frontier.state.Event.RevisitsMoved;
import io.sluice.frontier.state.Event.RevisitsWoken;
import io.sluice.frontier.state.Event.SeedRefused;
import io.sluice.frontier.state.Event.SetAside;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Converts events to journal records and back (docs/frontier-format.md). Stateless. */
public final class EventCodec {

  private static final int HOST_ADDED = 1;
  private static final int CRAWL_DELAY_CHANGED = 2;
  private static final int QUEUED = 3;
  private static final int SEED_REFUSED = 4;
  private static final int RESERVED = 5;
  private static final int LEASED = 6;
  private static final int DONE = 7;
  private static final int RETRIED = 8;
  private static final int GIVEN_BACK = 9;
  private static final int REVISITS_WOKEN = 10;
  private static final int HOST_CHANGED = 11;
  private static final int HOST_GIVEN_UP = 12;
  private static final int DOMAIN_ADMITTED = 13;
  private static final int RETRIES_WOKEN = 14;
  private static final int POSTPONED = 15;
  private static final int SET_ASIDE = 16;
  private static final int HOPPED_BACK = 17;
  private static final int REVISITS_MOVED = 20;
  private static final int LEFT_ALONE = 21;
  private static final int ASKED = 22;

  // PREFIXED, AGAIN and ASIDE are flags of a queued URL. AGAIN, PLANNED and LED are flags of an
  // end: whether the URL was queued again, is planned, and led to another URL.
  private static final int PREFIXED = 1;
  private static final int AGAIN = 2;
  private static final int ASIDE = 4;
  private static final int PLANNED = 1;
  private static final int LED = 4;

  // Flags of a lease: whether its URL was set aside, and how its attempts are corrected.
  private static final int FROM_ASIDE = 1;
  private static final int ONE_MORE = 2;
  private static final int ONE_LESS = 4;

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
      case Leased leased -> putLeased(leased, journal.begin(LEASED));
      case Done done -> putDone(done, journal.begin(DONE));
      case Retried(long sequence, long dueMillis, String reason) ->
          journal.begin(RETRIED).putVarint(sequence).putVarint(dueMillis).putString(reason);
      case HoppedBack(long sequence) -> journal.begin(HOPPED_BACK).putVarint(sequence);
      case GivenBack(long sequence) -> journal.begin(GIVEN_BACK).putVarint(sequence);
      case RevisitsWoken(int count) -> journal.begin(REVISITS_WOKEN).putVarint(count);
      case RevisitsMoved(long from, long to) ->
          journal.begin(REVISITS_MOVED).putVarint(from).putVarint(to);
      case RetriesWoken(int count, long runningMillis) ->
          journal.begin(RETRIES_WOKEN).putVarint(count).putVarint(runningMillis);
      case Postponed(long sequence, String reason) ->
          journal.begin(POSTPONED).putVarint(sequence).putString(reason);
      case SetAside(long sequence, String reason) ->
          journal.begin(SET_ASIDE).putVarint(sequence).putString(reason);
      case DomainAdmitted(String domain) -> journal.begin(DOMAIN_ADMITTED).putString(domain);
      case LeftAlone leftAlone -> putLeftAlone(leftAlone, journal.begin(LEFT_ALONE));
      case Asked(String host, Instant at, long millis) -> {
        Encoder to = journal.begin(ASKED).putString(host);
        putInstant(at, to);
        to.putVarint(millis);
      }
      case HostChanged(int host, HostState state, long runningMillis) ->
          HostStateCodec.encode(
              state, journal.begin(HOST_CHANGED).putVarint(host).putVarint(runningMillis));
      case HostGivenUp(int host, GivenUp state, long urls, Instant at) -> {
        Encoder to = journal.begin(HOST_GIVEN_UP).putVarint(host).putVarint(urls);
        putInstant(at, to);
        HostStateCodec.encode(state, to);
      }
    }
    journal.end();
  }

  /**
   * Reads the event of a record.
   *
   * @throws IllegalStateException if the record is not an event
   */
  public static Event read(RecordReader record) {
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
      case LEASED -> takeLeased(from);
      case DONE -> takeDone(from);
      case RETRIED -> new Retried(from.takeVarint(), from.takeVarint(), from.takeString());
      case HOPPED_BACK -> new HoppedBack(from.takeVarint());
      case GIVEN_BACK -> new GivenBack(from.takeVarint());
      case REVISITS_WOKEN -> new RevisitsWoken(from.takeCount());
      case REVISITS_MOVED -> new RevisitsMoved(from.takeVarint(), from.takeVarint());
      case RETRIES_WOKEN -> new RetriesWoken(from.takeCount(), from.takeVarint());
      case POSTPONED -> new Postponed(from.takeVarint(), from.takeString());
      case SET_ASIDE -> new SetAside(from.takeVarint(), from.takeString());
      case DOMAIN_ADMITTED -> new DomainAdmitted(from.takeString());
      case LEFT_ALONE -> takeLeftAlone(from);
      case ASKED -> new Asked(from.takeString(), takeInstant(from), from.takeVarint());
      case HOST_CHANGED -> takeHostChanged(from);
      case HOST_GIVEN_UP -> takeHostGivenUp(from);
      default -> throw new IllegalStateException("unknown record type " + record.type());
    };
  }

  private static void putQueued(Queued queued, Encoder to) {
    boolean prefixed = queued.prefix() != PrefixRule.NONE;
    int flags =
        switch (queued.how()) {
          case NEW -> 0;
          case AGAIN -> AGAIN;
          case SET_ASIDE -> ASIDE;
        };
    to.putVarint(queued.host()).putLong(queued.fingerprint());
    to.putByte(flags | (prefixed ? PREFIXED : 0));
    if (prefixed) {
      to.putLong(queued.prefix());
    }
    queued.url().encode(to);
  }

  private static Queued takeQueued(Decoder from) {
    int host = from.takeCount();
    long fingerprint = from.takeLong();
    int flags = from.takeByte();
    long prefix = (flags & PREFIXED) == 0 ? PrefixRule.NONE : from.takeLong();
    How how = (flags & ASIDE) != 0 ? How.SET_ASIDE : (flags & AGAIN) != 0 ? How.AGAIN : How.NEW;
    return new Queued(host, fingerprint, prefix, how, PackedUrl.decode(from));
  }

  private static void putLeased(Leased leased, Encoder to) {
    int flags = leased.setAside() ? FROM_ASIDE : 0;
    flags |= leased.correction() > 0 ? ONE_MORE : leased.correction() < 0 ? ONE_LESS : 0;
    to.putVarint(leased.sequence()).putVarint(leased.host()).putByte(flags);
  }

  private static Leased takeLeased(Decoder from) {
    long sequence = from.takeVarint();
    int host = from.takeCount();
    int flags = from.takeByte();
    int correction = (flags & ONE_MORE) != 0 ? 1 : (flags & ONE_LESS) != 0 ? -1 : 0;
    return new Leased(sequence, host, (flags & FROM_ASIDE) != 0, correction);
  }

  static void putLeftAlone(LeftAlone leftAlone, Encoder to) {
    to.putString(leftAlone.host());
    putInstant(leftAlone.at(), to);
    putInstant(leftAlone.until(), to);
    to.putString(leftAlone.reason());
  }

  static LeftAlone takeLeftAlone(Decoder from) {
    return new LeftAlone(
        from.takeString(), takeInstant(from), takeInstant(from), from.takeString());
  }

  private static HostChanged takeHostChanged(Decoder from) {
    int host = from.takeCount();
    long runningMillis = from.takeVarint();
    return new HostChanged(host, HostStateCodec.decode(from), runningMillis);
  }

  private static HostGivenUp takeHostGivenUp(Decoder from) {
    int host = from.takeCount();
    long urls = from.takeVarint();
    Instant at = takeInstant(from);
    if (HostStateCodec.decode(from) instanceof GivenUp state) {
      return new HostGivenUp(host, state, urls, at);
    }
    throw new IllegalStateException("host " + host + " is not given up");
  }

  private static void putSeedRefused(SeedRefused refused, Encoder to) {
    to.putLong(refused.fingerprint());
    refused.url().encode(to);
    to.putString(refused.reason());
    putInstant(refused.at(), to);
  }

  private static void putDone(Done done, Encoder to) {
    UrlEnd end = done.end();
    UrlEnd.Target target = end.target();
    int flags = done.plan() == null ? 0 : PLANNED;
    flags |= done.again() == 0 ? 0 : AGAIN;
    flags |= target == null ? 0 : LED;
    to.putVarint(done.sequence()).putByte(flags);
    to.putByte(EndingCode.of(end.ending())).putString(end.reason());
    to.putVarint(end.status()).putString(end.ip());
    putInstant(end.at(), to);
    to.putVarint(end.fetchMillis()).putVarint(end.bytes());
    if (target != null) {
      to.putString(target.href()).putString(target.refused());
    }
    if (done.again() != 0) {
      to.putLong(done.again());
    }
    if (done.plan() != null) {
      done.plan().revisit().encode(to.putVarint(done.plan().dueSecond()));
    }
    to.putVarint(done.accepted().size());
    for (Queued queued : done.accepted()) {
      putQueued(queued, to);
    }
  }

  private static Done takeDone(Decoder from) {
    long sequence = from.takeVarint();
    int flags = from.takeByte();
    UrlEnd end =
        new UrlEnd(
            EndingCode.ending(from.takeByte()),
            from.takeString(),
            from.takeCount(),
            from.takeNullableString(),
            takeInstant(from),
            from.takeVarint(),
            from.takeVarint(),
            (flags & LED) == 0
                ? null
                : new UrlEnd.Target(from.takeString(), from.takeNullableString()));
    long again = (flags & AGAIN) == 0 ? 0 : from.takeLong();
    Plan plan = (flags & PLANNED) == 0 ? null : new Plan(from.takeVarint(), Revisit.decode(from));
    int count = from.takeCount();
    List<Queued> accepted = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      accepted.add(takeQueued(from));
    }
    return new Done(sequence, end, accepted, plan, again);
  }

  private static void putInstant(Instant instant, Encoder to) {
    to.putLong(instant.getEpochSecond()).putVarint(instant.getNano());
  }

  private static Instant takeInstant(Decoder from) {
    return Instant.ofEpochSecond(from.takeLong(), from.takeVarint());
  }
}
