package io.sluice.frontier.hold;

import io.sluice.core.config.PolitenessSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Finding;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.politeness.DelayPolicy;
import java.time.Duration;

/**
 * When a held host is probed, and when it is given up. A pure policy; times are the crawl's running
 * time in milliseconds. Immutable.
 *
 * @param provenMillis patience with a host that gave a good answer before
 * @param firstMillis patience with a host that never did
 * @param tailMillis patience with any host once only held hosts are left
 * @param secondLookMillis time from the answer that a name does not exist until it is looked up
 *     again
 * @param delays the policy of a host's pauses
 */
public record HoldPolicy(
    long provenMillis,
    long firstMillis,
    long tailMillis,
    long secondLookMillis,
    DelayPolicy delays) {

  /** The tail has not begun: hosts that are not held still have work. */
  public static final long NO_TAIL = Long.MAX_VALUE;

  /** Minimum number of failed probes before a host is given up. */
  static final int LEAST_PROBES = 3;

  /** Maximum time by which a host's Retry-After can extend the patience with it. */
  private static final long LONGEST_EXTENSION_MILLIS = Duration.ofHours(1).toMillis();

  /** Minimum pause between two probes of a host, whatever the settings. */
  private static final long SHORTEST_PAUSE_MILLIS = 1_000;

  /**
   * The pause varies from host to host by up to this fraction, so that hosts that failed together
   * are not probed together.
   */
  private static final double JITTER = 0.2;

  /** The policy of a configuration. */
  public static HoldPolicy of(SluiceConfig config) {
    PolitenessSettings.Patience patience = config.politeness().patience();
    return new HoldPolicy(
        patience.proven().toMillis(),
        patience.first().toMillis(),
        patience.tail().toMillis(),
        config.fetcher().retryDelay().toMillis(),
        DelayPolicy.of(config.politeness()));
  }

  /**
   * Whether the patience with a host is exhausted. Patience does not apply to a name that does not
   * exist.
   */
  public boolean spent(Held held, long nowMillis, long tailSinceMillis) {
    if (held.finding() == Finding.NO_NAME) {
      return false;
    }
    long limit = limitMillis(held.proven());
    return limit == 0
        || (held.probes() >= LEAST_PROBES && nowMillis >= endMillis(held, tailSinceMillis));
  }

  /** When the patience with a host ends, if no probe succeeds. */
  public long endMillis(Held held, long tailSinceMillis) {
    long end = Math.min(ownEndMillis(held), tailEndMillis(held, tailSinceMillis));
    return Math.max(end, Math.min(held.askedUntilMillis(), end + LONGEST_EXTENSION_MILLIS));
  }

  /** The key of the setting that limits the patience with a host. */
  public String key(Held held, long tailSinceMillis) {
    if (tailEndMillis(held, tailSinceMillis) < ownEndMillis(held)) {
      return "politeness.tail-patience";
    }
    return held.proven() ? "politeness.patience" : "politeness.first-patience";
  }

  private long ownEndMillis(Held held) {
    return held.sinceMillis() + limitMillis(held.proven());
  }

  private long tailEndMillis(Held held, long tailSinceMillis) {
    return tailSinceMillis == NO_TAIL
        ? Long.MAX_VALUE
        : Math.max(tailSinceMillis, held.sinceMillis()) + tailMillis;
  }

  private long limitMillis(boolean proven) {
    return proven ? provenMillis : firstMillis;
  }

  /**
   * How long a held host is left alone before its next probe: twice as long after each failed one,
   * but not beyond the end of patience, when the last probe is sent.
   *
   * @param host the host's name, which seeds the jitter
   * @param delay the host's configured delay
   * @param retryAfterMillis the Retry-After of the visit that just ended; 0 for none
   */
  public long pauseMillis(
      Held held,
      String host,
      Duration delay,
      long retryAfterMillis,
      long nowMillis,
      long tailSinceMillis) {
    long asked = Math.min(retryAfterMillis, LONGEST_EXTENSION_MILLIS);
    if (held.finding() == Finding.NO_NAME) {
      return Math.max(asked, Math.max(secondLookMillis, SHORTEST_PAUSE_MILLIS));
    }
    long backOff = delays.backOff(delay, held.troubles()).toMillis();
    long pause = Math.max(SHORTEST_PAUSE_MILLIS, (long) (backOff * jitter(host, held)));
    long left = endMillis(held, tailSinceMillis) - nowMillis;
    pause = Math.max(SHORTEST_PAUSE_MILLIS, Math.min(pause, left));
    return Math.max(asked, Math.max(pause, delay.toMillis()));
  }

  private static double jitter(String host, Held held) {
    int mixed = (host.hashCode() * 31 + held.probes()) * 0x9E3779B9;
    double part = (mixed >>> 8) / (double) (1 << 24); // 0 to 1
    return 1 + JITTER * (2 * part - 1);
  }

  /** When a host that was given up may be probed again, if a new URL is offered. */
  public long nextChanceMillis(GivenUp givenUp) {
    return givenUp.atMillis() + limitMillis(givenUp.proven());
  }

  /** The state of a given-up host that gets one more probe. */
  public Held lastChance(GivenUp givenUp, long nowMillis) {
    return givenUp.lastChance(limitMillis(givenUp.proven()), LEAST_PROBES, nowMillis);
  }
}
