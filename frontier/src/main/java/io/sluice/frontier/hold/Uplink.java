package io.sluice.frontier.hold;

import io.sluice.core.lease.Finding;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The crawl's own connection to the network. When it fails, every host seems to fail. The whole
 * crawl is then held: no failure is charged to a URL or a host, and one lease at a time is issued
 * as a probe until one reaches its host.
 *
 * <p>Only failures since a visit last reached its host are evidence, and only once a visit has
 * reached one. An outage begins when one of these conditions is met:
 *
 * <ol>
 *   <li>There is no route to a proven host. A site may have lost its own route, so a domain counts
 *       only once until it is reached again; a second domain puts the outage beyond doubt.
 *   <li>{@value #SILENCES} lookups of proven hosts in a row get no answer from any name server.
 *   <li>{@value #DOMAINS} registered domains begin to fail, and at least one proven host cannot be
 *       looked up or connected to. Servers that accept a connection and then stay silent are not
 *       enough. With {@value #DOMAINS} proven domains the outage is beyond doubt.
 * </ol>
 *
 * <p>An outage that is not beyond doubt may be caused by hosts that were never reachable. It
 * therefore ends after {@code politeness.first-patience} at the latest, and the same evidence does
 * not count again until a host is reached.
 *
 * <p>Thread-safe: one monitor, held for a few instructions.
 */
public final class Uplink {

  /** How many registered domains must begin to fail before the network is suspected. */
  static final int DOMAINS = 5;

  /** How many unanswered lookups in a row, of names that resolved before, count as an outage. */
  static final int SILENCES = 2;

  /** Maximum number of domains remembered as failing. */
  private static final int MAX_FAILING = 4096;

  private static final Logger log = LoggerFactory.getLogger(Uplink.class);

  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(15);

  private final long doubtNanos;
  private final LongSupplier nanoTime;
  private final Runnable wakeAll;
  private final LongOpenHashSet failing = new LongOpenHashSet();
  private boolean reachedBefore;
  private boolean distrusted;

  /** The domain whose missing route began the latest outage of that kind. */
  private long blamed;

  private volatile boolean blaming;
  private long firstFailureNanos;
  private int provenFailing;
  private boolean wellUnconnected;
  private int silences;
  private long probePauseNanos;
  private long nextProbeNanos;
  private boolean down;
  private boolean certain;
  private long downNanos;
  private int outages;
  private long heldNanos;

  /**
   * @param doubt maximum duration of an outage that is not beyond doubt
   * @param wakeAll wakes all shards: leases may be issued again; called without holding the monitor
   */
  public Uplink(Duration doubt, LongSupplier nanoTime, Runnable wakeAll) {
    this.doubtNanos = doubt.toNanos();
    this.nanoTime = nanoTime;
    this.wakeAll = wakeAll;
  }

  /**
   * Records a visit's finding.
   *
   * @param domain 64 bits of the name of the host's registered domain
   * @param proven whether the host gave a good answer before
   * @param wasWell whether the host was not in trouble before this visit
   * @return whether the crawl is held now, so that a failure is not charged to the host
   */
  public boolean heard(Finding finding, long domain, boolean proven, boolean wasWell) {
    boolean wake = false;
    boolean held;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      if (finding.reached()) {
        if (domain == blamed) {
          blaming = false;
        }
        wake = reached(now);
      } else if (finding.unreached()) {
        failed(finding, domain, proven, wasWell, now);
      }
      held = down;
    }
    if (wake) {
      wakeAll.run();
    }
    return held;
  }

  /**
   * Whether a domain without a route began an outage and has not been reached since: if so, {@link
   * #heard} also needs the domains of hosts that are reached.
   */
  public boolean blaming() {
    return blaming;
  }

  /** Records that a host was reached, which ends an outage; returns whether there was one. */
  private boolean reached(long now) {
    reachedBefore = true;
    distrusted = false;
    forget();
    if (!down) {
      return false;
    }
    end(now);
    outages++;
    log.info("the network is back: the crawl goes on");
    return true;
  }

  private void failed(Finding finding, long domain, boolean proven, boolean wasWell, long now) {
    if (!reachedBefore || distrusted) {
      return;
    }
    if (failing.isEmpty() && silences == 0) {
      firstFailureNanos = now;
    }
    silences = finding == Finding.DNS_SILENCE ? silences + (proven ? 1 : 0) : 0;
    if (wasWell && failing.size() < MAX_FAILING && failing.add(domain) && proven) {
      provenFailing++;
    }
    wellUnconnected |= proven && finding != Finding.NO_ANSWER;
    if (down) {
      certain |= provenFailing >= DOMAINS;
      certain |= finding == Finding.NO_ROUTE && proven && blaming && domain != blamed;
      return;
    }
    if (finding == Finding.NO_ROUTE && proven && !(blaming && domain == blamed)) {
      blaming = true;
      blamed = domain;
      begin(now, false, "there is no route");
    } else if (silences >= SILENCES) {
      begin(now, true, "no name server answers");
    } else if (failing.size() >= DOMAINS && wellUnconnected) {
      begin(now, provenFailing >= DOMAINS, "hosts of " + DOMAINS + " domains cannot be reached");
    }
  }

  private void begin(long now, boolean beyondDoubt, String why) {
    down = true;
    certain = beyondDoubt;
    downNanos = now;
    probePauseNanos = FIRST_PAUSE_NANOS;
    nextProbeNanos = now + probePauseNanos;
    log.warn(
        "the network seems to be down ({}): the whole crawl is held, failures do not count against"
            + " URLs or hosts, and the crawl resumes by itself",
        why);
  }

  private void end(long now) {
    down = false;
    heldNanos += now - downNanos;
  }

  private void forget() {
    failing.clear();
    provenFailing = 0;
    wellUnconnected = false;
    silences = 0;
  }

  /** Whether the crawl is held now. */
  public boolean down() {
    boolean doubted = false;
    boolean held;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      if (down && !certain && now - downNanos >= doubtNanos) {
        doubted = true;
        distrusted = true;
        end(now);
        forget();
      }
      held = down;
    }
    if (doubted) {
      log.warn("the network may be working after all: hosts are probed and given up one by one");
      wakeAll.run();
    }
    return held;
  }

  /** Takes the next probe, if it is due, for the lease that is issued next. */
  public synchronized boolean takeProbe() {
    long now = nanoTime.getAsLong();
    if (nextProbeNanos - now > 0) {
      return false;
    }
    probePauseNanos = Math.min(2 * probePauseNanos, LONGEST_PAUSE_NANOS);
    nextProbeNanos = now + probePauseNanos;
    return true;
  }

  /** Time until a probe is due, in nanoseconds; valid only while the crawl is held. */
  public synchronized long untilProbe() {
    return Math.max(0, nextProbeNanos - nanoTime.getAsLong());
  }

  /** How many outages ended because a host was reached. */
  public synchronized int outages() {
    return outages;
  }

  /**
   * Time from the first failure of the latest outage until the outage was noticed, in nanoseconds.
   */
  public synchronized long noticedAfterNanos() {
    return downNanos - firstFailureNanos;
  }

  /** How long the crawl has been held as a whole in this run. */
  public synchronized Duration held() {
    long current = down ? nanoTime.getAsLong() - downNanos : 0;
    return Duration.ofNanos(heldNanos + current);
  }
}
