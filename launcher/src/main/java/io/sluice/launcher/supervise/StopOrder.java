package io.sluice.launcher.supervise;

import io.sluice.core.config.ShutdownSettings;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.launcher.process.Order;
import io.sluice.launcher.process.StopRequest;
import io.sluice.launcher.supervise.PartEnd.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which a crawl's processes stop: the fetcher, then the parsers, then Redis; each
 * phase is bounded and timed. All share one deadline: the parsers may use what the fetcher left of
 * the time for parsing the pages left in Redis. A second signal makes all processes end at once.
 * Used once, confined to the supervisor's thread.
 */
final class StopOrder {

  private static final Logger log = LoggerFactory.getLogger(StopOrder.class);

  /**
   * Time that a process gets for its audit, in addition to its drain and the longest step of its
   * stop.
   */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** The minimum time for the parsers, even if the fetcher has used up the deadline. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final Duration REDIS_BOUND = Duration.ofSeconds(10);

  /** Grace period of an overdue process after the order to end at once. */
  private static final Duration LATE = Duration.ofSeconds(3);

  /** Interval at which the waiting supervisor checks whether Redis is still running. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final CrawlRedis redis;
  private final Restarts restarts;
  private final StopRequest stop;
  private final StopLines lines;
  private final String reason;
  private final Duration deadline;
  private final Duration step;
  private final Map<String, Duration> phases = new LinkedHashMap<>();
  private final List<PartEnd> ends = new ArrayList<>();
  private boolean saidHowToInsist;
  private Deadline ofAll;

  /**
   * @param restarts the parts scheduled for a restart
   * @param settings bounds of a process's own shutdown
   * @param stop completes when the user insists
   * @param lines prints the stop's progress
   * @param reason why the crawl stops
   */
  StopOrder(
      CrawlRedis redis,
      Restarts restarts,
      ShutdownSettings settings,
      StopRequest stop,
      StopLines lines,
      String reason) {
    this.redis = redis;
    this.restarts = restarts;
    this.stop = stop;
    this.lines = lines;
    this.reason = reason;
    this.deadline = settings.deadline();
    this.step = settings.stepBound();
    this.ofAll = Deadline.in(deadline);
  }

  /**
   * Stops all processes.
   *
   * @param beforeParsers runs after the fetcher's end and before the parsers are stopped
   * @param beforeRedis runs after the parsers' end and before Redis is stopped; both receive the
   *     rest of the deadline, which may have passed
   */
  void run(Child fetcher, List<Child> parsers, Preparation beforeParsers, Preparation beforeRedis)
      throws InterruptedException {
    long began = System.nanoTime();
    ofAll = Deadline.in(deadline).cutBy(insisted());
    stop(List.of(fetcher), deadline, deadline.plus(step).plus(MARGIN));
    began = ended("fetcher", began);
    KillPoint.FETCHER_ENDED.reached();
    beforeParsers.run(ofAll);
    Duration left = ofAll.left();
    Duration drain = left.compareTo(LEAST) > 0 ? left : LEAST;
    stop(parsers, drain, drain.plus(LATE));
    began = ended("parsers", began);
    KillPoint.PARSERS_ENDED.reached();
    beforeRedis.run(ofAll);
    stopRedis();
    ended("redis", began);
  }

  /** A step between two phases. */
  @FunctionalInterface
  interface Preparation {
    void run(Deadline deadline) throws InterruptedException;
  }

  private CompletableFuture<String> insisted() {
    return stop.forced().toCompletableFuture();
  }

  private long ended(String phase, long began) {
    long now = System.nanoTime();
    Duration took = Duration.ofNanos(now - began);
    phases.put(phase, took);
    lines.ended(phase, took);
    return now;
  }

  /**
   * Orders the running children to stop, and waits for all of them together. When their time is up,
   * or the user insists, they are ordered to cut their drains and end at once; a child that does
   * not react is killed.
   *
   * @param drain time limit for the work in progress
   * @param time time limit for the whole stop
   */
  private void stop(List<Child> children, Duration drain, Duration time)
      throws InterruptedException {
    long began = System.nanoTime();
    List<Child> asked = children.stream().filter(Child::alive).toList();
    asked.forEach(child -> child.order(new Order.Stop(reason, drain, true)));
    for (Child child : children) {
      if (!asked.contains(child)) {
        ended(child, unasked(child), began);
      }
    }
    List<Child> left = outlive(asked, Deadline.in(time).cutBy(insisted()), Ending.ASKED, began);
    for (Child child : left) {
      log.warn("telling {} to end at once", child.name());
      child.order(new Order.Insist());
    }
    // A child that overran its time gets only the grace period; one that was hurried by the user
    // still closes in an orderly way, which takes up to one step.
    Deadline last = Deadline.in(insisted().isDone() ? step : LATE);
    for (Child child : outlive(left, last, Ending.FORCED, began)) {
      child.kill();
      ended(child, Ending.KILLED, began);
    }
  }

  /** Returns the children that are still alive at the deadline; records how the others ended. */
  private List<Child> outlive(List<Child> children, Deadline deadline, Ending ending, long began)
      throws InterruptedException {
    List<Child> alive = new ArrayList<>(children);
    boolean timeIsLeft = true;
    while (!alive.isEmpty() && timeIsLeft) {
      timeIsLeft =
          !deadline.passed(); // before the check, so that an end in time does not count as late
      look();
      alive.getFirst().await(sooner(deadline));
      for (Child child : List.copyOf(alive)) {
        if (!child.alive()) {
          alive.remove(child);
          ended(child, ending, began);
        }
      }
    }
    return alive;
  }

  private static Deadline sooner(Deadline deadline) {
    return deadline.left().compareTo(LOOK_EVERY) < 0 ? deadline : Deadline.in(LOOK_EVERY);
  }

  /**
   * Called repeatedly while waiting. A signal to all processes of a service ends Redis, too; Redis
   * is then restarted, because fetched pages cannot be stored without it.
   */
  private void look() {
    if (redis.ended() && !ofAll.passed() && redis.crashed().isPresent()) {
      redis.restart();
    }
    if (!saidHowToInsist && stop.mayInsist()) {
      saidHowToInsist = true;
      lines.mayInsist();
    }
  }

  private void ended(Child child, Ending ending, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    ends.add(new PartEnd(child.name(), ending, child.status(), child.restarts(), took));
    log.info("{} ended ({})", child.name(), ending.word());
  }

  private Ending unasked(Child child) {
    if (child.signalledTooSoon()) {
      return Ending.ASKED;
    }
    return restarts.planned(child) ? Ending.CRASHED : Ending.BY_ITSELF;
  }

  private void stopRedis() {
    if (!redis.ours()) {
      return;
    }
    long began = System.nanoTime();
    boolean dead = redis.ended();
    boolean clean = redis.stop(Deadline.in(REDIS_BOUND));
    if (!clean && !dead) {
      log.error("redis-server did not stop in time and was killed");
    }
    Ending ending = dead ? Ending.CRASHED : clean ? Ending.ASKED : Ending.KILLED;
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    ends.add(new PartEnd(redis.name(), ending, OptionalInt.empty(), redis.restarts(), took));
  }

  /** The duration of each phase, in order. */
  Map<String, Duration> phases() {
    return phases;
  }

  /** How each part ended, in the order in which they ended. */
  List<PartEnd> ends() {
    return ends;
  }
}
