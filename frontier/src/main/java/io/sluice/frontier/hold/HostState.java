package io.sluice.frontier.hold;

import io.sluice.core.lease.Finding;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.text.EnumWord;
import java.util.List;

/**
 * A host's state, as its visits so far have shown it. A pure state machine: {@link #after} takes
 * the result of one visit, gives the next state, and rules whether a failure is charged to the URL,
 * which then has one attempt less, or to the host. URLs are identified by their fingerprints; times
 * are the crawl's running time in milliseconds. Immutable.
 *
 * <p>A failure that says nothing about a URL (DNS, no connection, TLS, robots.txt, a first visit
 * that was cut short) holds the host at once. A failure that may be the URL's own (resets,
 * timeouts, 429, 5xx) is charged to the first URL that fails, and to one that fails again; the host
 * is held when three different URLs in a row have failed.
 *
 * <p>A URL that was spared is charged after all if it failed alone: another URL was answered before
 * the host was held, or the URL had been put off before and fails again. The latter happens if one
 * port or scheme of a host does not answer while others do; the host is then held only after three
 * URLs in a row. So each URL is spared a bounded number of times.
 */
public sealed interface HostState {

  /**
   * The host is held when this many different URLs in a row have failed in a way that may be their
   * own.
   */
  int TROUBLED_URLS = 3;

  /** The names of the states. */
  enum Kind {
    FIRST,
    PROVEN,
    TROUBLED,
    HELD,
    GIVEN_UP;

    private final String word = EnumWord.of(this);

    /** The state as metrics, logs and commands spell it: {@code given-up}. */
    public String word() {
      return word;
    }
  }

  /**
   * The result of one visit.
   *
   * @param finding what the visit found
   * @param reason the reason for the failure; empty for none
   * @param url the URL's fingerprint
   * @param putOffBefore whether the URL was put off before because of a failure
   * @param probe whether the visit was a probe of a held host
   * @param nowMillis when the visit ended
   * @param retryAfterMillis the pause that the host requested; 0 for none
   */
  record Sign(
      Finding finding,
      String reason,
      long url,
      boolean putOffBefore,
      boolean probe,
      long nowMillis,
      long retryAfterMillis) {
    /** Whether the URL may be to blame instead of its host. */
    private boolean suspect() {
      return putOffBefore && finding.mayBeOfOneUrl();
    }
  }

  /** The consequences of a visit: the host's next state, and the ruling on a failure. */
  record Step(HostState next, Ruling ruling) {}

  /** Its name. */
  Kind kind();

  /** Whether the host ever gave a good answer. */
  boolean proven();

  /**
   * The kind of the host's next visit. A host that was given up is visited to find out whether it
   * has recovered.
   */
  default VisitKind visitKind() {
    return switch (kind()) {
      case FIRST -> VisitKind.FIRST;
      case PROVEN -> VisitKind.PROVEN;
      case TROUBLED, HELD, GIVEN_UP -> VisitKind.TROUBLED;
    };
  }

  /** Failed visits since the last good answer; each lengthens the time that the next visit gets. */
  default int triesInVain() {
    return this instanceof Held held ? Math.max(held.troubles, held.probes) : troubles();
  }

  /** Number of failed visits in a row. */
  int troubles();

  /** Pending corrections to attempts counted earlier. */
  Corrections corrections();

  /**
   * What to add to the attempts on a URL that is leased now: 1 if it was spared and failed alone,
   * -1 if it was charged for a failure of the crawl's own network. Always 0 while the host is held.
   */
  default int correction(long url) {
    return corrections().of(url);
  }

  /** The state after a URL's correction, which is no longer pending. */
  HostState corrected(long url);

  /**
   * The state as it is stored for a restart, after which failed URLs in a row are counted from
   * zero.
   */
  default HostState durable() {
    return this;
  }

  /**
   * The state after the failures turned out to be those of the crawl's own network: none is charged
   * to a URL or the host.
   */
  default HostState released() {
    return this;
  }

  /** The state after a visit, and whether a failure is charged to the host or the URL. */
  default Step after(Sign sign) {
    return switch (sign.finding()) {
      case NOTHING -> new Step(this, Ruling.CHARGED);
      case GOOD -> new Step(provenBy(sign.url()), Ruling.CHARGED);
      case NO_NAME -> nameless(sign);
      case NO_ANSWER, ERROR_ANSWER -> urlTroubled(sign);
      case CUT_SHORT -> cutShort(sign);
      case DNS_TROUBLE,
          DNS_SILENCE,
          NO_ROUTE,
          NO_CONNECTION,
          CONNECTION_REFUSED,
          TLS_TROUBLE,
          ROBOTS_TROUBLE ->
          hostTroubled(sign);
    };
  }

  private HostState provenBy(long url) {
    return well(true, corrections().owing(spared()).without(url));
  }

  /** The state of a host without failures; a shared object if there is nothing to correct. */
  static HostState well(boolean proven, Corrections corrections) {
    if (corrections.isEmpty()) {
      return proven ? Proven.STATE : First.STATE;
    }
    return proven ? new Proven(corrections) : new First(corrections);
  }

  /** The URLs that turn out to have failed alone if another one is answered now. */
  private List<Long> spared() {
    return switch (this) {
      case Troubled troubled -> troubled.spared;
      case Held held -> held.suspects;
      case First _, Proven _, Nameless _, GivenUp _ -> List.of();
    };
  }

  /** The name does not exist: an answer that counts only once a later lookup has confirmed it. */
  private Step nameless(Sign sign) {
    return switch (this) {
      case Nameless _ -> new Step(this, Ruling.CHARGED);
      case Held held when held.finding == Finding.NO_NAME && sign.probe() ->
          new Step(new Nameless(held.proven, held.corrections), Ruling.CHARGED);
      case First _, Proven _, Troubled _, Held _, GivenUp _ -> hostTroubled(sign);
    };
  }

  private Step hostTroubled(Sign sign) {
    return switch (this) {
      case Held held -> new Step(held.failedAgain(sign), Ruling.SPARED);
      case GivenUp _ -> new Step(this, Ruling.SPARED);
      case Proven _ when sign.suspect() ->
          new Step(Troubled.by(sign, corrections()), Ruling.SPARED);
      case Troubled troubled when sign.suspect() && troubled.proven && troubled.isOneMore(sign) ->
          new Step(troubled.sparing(sign), Ruling.SPARED);
      case First _, Proven _, Troubled _, Nameless _ -> new Step(heldBy(sign), Ruling.SPARED);
    };
  }

  /**
   * The visit was cut short. The host is held unless another visit has meanwhile shown that the
   * host answers.
   */
  private Step cutShort(Sign sign) {
    return switch (this) {
      case Proven _, Nameless _ -> new Step(this, Ruling.SPARED);
      case First _, Troubled _, Held _, GivenUp _ -> hostTroubled(sign);
    };
  }

  private Step urlTroubled(Sign sign) {
    return switch (this) {
      case First _, Proven _, Nameless _ ->
          new Step(
              new Troubled(
                  proven(), sign.reason(), 1, List.of(sign.url()), List.of(), corrections()),
              Ruling.CHARGED);
      case Troubled troubled when troubled.knows(sign.url()) ->
          new Step(troubled.charging(sign), Ruling.CHARGED);
      case Troubled troubled when troubled.isOneMore(sign) ->
          new Step(troubled.sparing(sign), Ruling.SPARED);
      case Troubled _, Held _, GivenUp _ -> hostTroubled(sign);
    };
  }

  private Held heldBy(Sign sign) {
    return new Held(
        proven(),
        sign.finding(),
        sign.reason(),
        troubles() + 1,
        0,
        sign.nowMillis(),
        sign.nowMillis() + sign.retryAfterMillis(),
        this instanceof Troubled troubled ? troubled.charged : List.of(),
        sign.suspect() ? with(spared(), sign.url()) : List.of(),
        corrections());
  }

  private static List<Long> with(List<Long> urls, long url) {
    return Corrections.with(urls, List.of(url));
  }

  /** The host was never visited, or never gave a meaningful answer. */
  record First(Corrections corrections) implements HostState {
    /** The state of every new host. */
    public static final First STATE = new First(Corrections.NONE);

    @Override
    public Kind kind() {
      return Kind.FIRST;
    }

    @Override
    public boolean proven() {
      return false;
    }

    @Override
    public int troubles() {
      return 0;
    }

    @Override
    public HostState corrected(long url) {
      return well(false, corrections.without(url));
    }
  }

  /** The host's last visit went well. */
  record Proven(Corrections corrections) implements HostState {
    /** The state of most hosts: there is nothing to correct. */
    public static final Proven STATE = new Proven(Corrections.NONE);

    @Override
    public Kind kind() {
      return Kind.PROVEN;
    }

    @Override
    public boolean proven() {
      return true;
    }

    @Override
    public int troubles() {
      return 0;
    }

    @Override
    public HostState corrected(long url) {
      return well(true, corrections.without(url));
    }
  }

  /**
   * One or two of the host's URLs have failed since the last good answer.
   *
   * @param reason the reason for the last failure
   * @param troubles number of failed visits in a row
   * @param charged the URLs that were charged: the first one, and those that failed twice
   * @param spared the other URLs that failed
   */
  record Troubled(
      boolean proven,
      String reason,
      int troubles,
      List<Long> charged,
      List<Long> spared,
      Corrections corrections)
      implements HostState {
    public Troubled {
      charged = List.copyOf(charged);
      spared = List.copyOf(spared);
    }

    @Override
    public Kind kind() {
      return Kind.TROUBLED;
    }

    @Override
    public HostState corrected(long url) {
      return new Troubled(proven, reason, troubles, charged, spared, corrections.without(url));
    }

    @Override
    public HostState durable() {
      return well(proven, corrections);
    }

    @Override
    public HostState released() {
      return well(proven, corrections.forgiving(charged));
    }

    private boolean knows(long url) {
      return charged.contains(url) || spared.contains(url);
    }

    private boolean isOneMore(Sign sign) {
      return !knows(sign.url()) && charged.size() + spared.size() < TROUBLED_URLS - 1;
    }

    /**
     * The state after a first failure, which may be the host's own or that of a URL that failed
     * before.
     */
    private static Troubled by(Sign sign, Corrections corrections) {
      return new Troubled(true, sign.reason(), 1, List.of(), List.of(sign.url()), corrections);
    }

    private Troubled charging(Sign sign) {
      return new Troubled(
          proven,
          sign.reason(),
          troubles + 1,
          with(charged, sign.url()),
          Corrections.without(spared, sign.url()),
          corrections);
    }

    private Troubled sparing(Sign sign) {
      return new Troubled(
          proven, sign.reason(), troubles + 1, charged, with(spared, sign.url()), corrections);
    }
  }

  /**
   * The host's name does not exist, as the name servers have confirmed. Each of the host's URLs
   * ends for that reason.
   */
  record Nameless(boolean proven, Corrections corrections) implements HostState {
    @Override
    public Kind kind() {
      return Kind.TROUBLED;
    }

    @Override
    public int troubles() {
      return 0;
    }

    @Override
    public HostState corrected(long url) {
      return new Nameless(proven, corrections.without(url));
    }
  }

  /**
   * The host is held: its URLs stay queued and uncharged, and one probe at a time finds out whether
   * it has recovered.
   *
   * @param finding what the last failed visit found
   * @param reason the word for that failure
   * @param probes number of failed probes
   * @param sinceMillis when the hold began
   * @param askedUntilMillis until when the host asked to be left alone; the start of the hold if it
   *     did not
   * @param charged URLs that were charged before the failures were attributed to the host
   * @param suspects other URLs that had been put off before, and may have failed alone
   */
  record Held(
      boolean proven,
      Finding finding,
      String reason,
      int troubles,
      int probes,
      long sinceMillis,
      long askedUntilMillis,
      List<Long> charged,
      List<Long> suspects,
      Corrections corrections)
      implements HostState {
    public Held {
      charged = List.copyOf(charged);
      suspects = List.copyOf(suspects);
    }

    @Override
    public Kind kind() {
      return Kind.HELD;
    }

    private Held failedAgain(Sign sign) {
      int more = sign.probe() ? 1 : 0; // another visit was in progress when the hold began
      return new Held(
          proven,
          sign.finding(),
          sign.reason(),
          troubles + more,
          probes + more,
          sinceMillis,
          Math.max(askedUntilMillis, sign.nowMillis() + sign.retryAfterMillis()),
          charged,
          sign.suspect() ? with(suspects, sign.url()) : suspects,
          corrections);
    }

    @Override
    public int correction(long url) {
      return 0;
    }

    @Override
    public HostState corrected(long url) {
      return this;
    }

    @Override
    public HostState released() {
      return well(proven, corrections.forgiving(charged));
    }

    /** The host is given up. */
    public GivenUp giveUp(long nowMillis) {
      return new GivenUp(proven, finding, reason, nowMillis, false);
    }
  }

  /**
   * The patience with the host is exhausted: its URLs stay on disk until a new one is offered, or a
   * command takes the host back.
   *
   * @param finding what the last failed visit found
   * @param reason the word for that failure
   * @param atMillis when the host was given up
   * @param wanted whether a URL has been offered since
   */
  record GivenUp(boolean proven, Finding finding, String reason, long atMillis, boolean wanted)
      implements HostState {
    @Override
    public Kind kind() {
      return Kind.GIVEN_UP;
    }

    @Override
    public int troubles() {
      return 0;
    }

    @Override
    public Corrections corrections() {
      return Corrections.NONE;
    }

    @Override
    public HostState corrected(long url) {
      return this;
    }

    /** The state after a URL was offered. */
    public GivenUp want() {
      return new GivenUp(proven, finding, reason, atMillis, true);
    }

    /** The state after a command took the host back: it gets its full patience again. */
    public HostState takenBack() {
      return proven ? Proven.STATE : First.STATE;
    }

    /** A hold with patience for one probe: the host is given up if that fails. */
    Held lastChance(long spentMillis, int probes, long nowMillis) {
      long sinceMillis = nowMillis - spentMillis;
      return new Held(
          proven,
          finding,
          reason,
          0,
          probes,
          sinceMillis,
          sinceMillis,
          List.of(),
          List.of(),
          Corrections.NONE);
    }
  }
}
