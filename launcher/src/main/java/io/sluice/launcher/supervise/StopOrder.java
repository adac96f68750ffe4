package io.sluice.launcher.supervise;

import io.sluice.core.config.ShutdownSettings;
import io.sluice.core.fault.KillPoint;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.launcher.process.StopRequest;
import io.sluice.launcher.supervise.PartEnd.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which a crawl's processes stop: the fetcher, then the parsers, then Redis; each
 * phase bounded and timed. One deadline is for all: parsers have what the fetcher left of it. A
 * second signal hurries them. Runs once, confined to the supervisor's thread.
 */
final class StopOrder {

  private static final Logger log = LoggerFactory.getLogger(StopOrder.class);

  /** What a process may take beyond its drain and the longest step of its stop: the audit. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** What parsers have in any case, though the fetcher used up the time of all. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private static final Duration REDIS_BOUND = Duration.ofSeconds(10);

  /** What who overran its time has once it is asked again. */
  private static final Duration LATE = Duration.ofSeconds(3);

  /**
   * The kernel keeps one SIGTERM for a process, not two: whoever is to hear of it is told again.
   */
  private static final Duration BETWEEN_SIGNALS = Duration.ofMillis(200);

  private final CrawlRedis redis;
  private final Restarts restarts;
  private final StopRequest stop;
  private final Duration deadline;
  private final Duration step;
  private final Duration patience;
  private final Map<String, Duration> phases = new LinkedHashMap<>();
  private final List<PartEnd> ends = new ArrayList<>();

  /**
   * @param restarts what had died and was to be started again
   * @param settings bounds of a process's own shutdown
   * @param stop who hurries
   */
  StopOrder(CrawlRedis redis, Restarts restarts, ShutdownSettings settings, StopRequest stop) {
    this.redis = redis;
    this.restarts = restarts;
    this.stop = stop;
    this.deadline = settings.deadline();
    this.step = settings.stepBound();
    this.patience = settings.deadline().plus(settings.stepBound()).plus(MARGIN);
  }

  /**
   * Stops them all.
   *
   * @param beforeRedis what is done with Redis when nobody else uses it any more, if there is time;
   *     it gets what is left of the deadline
   */
  void run(Child fetcher, List<Child> parsers, Consumer<Deadline> beforeRedis)
      throws InterruptedException {
    long began = System.nanoTime();
    Deadline ofAll = Deadline.in(deadline).cutBy(insisted());
    List<Child> asked = ask(List.of(fetcher));
    if (restarts.planned(redis) || redis.ended()) {
      redis.restart(); // Without it the fetcher could not put down what it has in hand.
    }
    stop(List.of(fetcher), asked, patience);
    began = ended("fetcher", began);
    KillPoint.FETCHER_ENDED.reached();
    Duration left = ofAll.left();
    stop(parsers, ask(parsers), left.compareTo(LEAST) > 0 ? left : LEAST);
    began = ended("parsers", began);
    KillPoint.PARSERS_ENDED.reached();
    if (ofAll.passed()) {
      log.info("there is no time left: abandoned output, if any, is left for the next run");
    } else {
      beforeRedis.accept(ofAll);
    }
    stopRedis();
    ended("redis", began);
  }

  private CompletableFuture<String> insisted() {
    return stop.forced().toCompletableFuture();
  }

  private long ended(String phase, long began) {
    long now = System.nanoTime();
    phases.put(phase, Duration.ofNanos(now - began));
    return now;
  }

  /** Sends SIGTERM to those that run. */
  private static List<Child> ask(List<Child> children) {
    List<Child> asked = children.stream().filter(Child::alive).toList();
    asked.forEach(Child::askToStop);
    return asked;
  }

  /**
   * Waits for those that were asked, side by side. At the end of their time, or when the user
   * insists, they are asked again, and cut their drains; who does not hear that is killed.
   */
  private void stop(List<Child> children, List<Child> asked, Duration time)
      throws InterruptedException {
    long began = System.nanoTime();
    for (Child child : children) {
      if (!asked.contains(child)) {
        ended(child, unasked(child), began);
      }
    }
    List<Child> left = outlive(asked, Deadline.in(time).cutBy(insisted()), Ending.ASKED, began);
    left.forEach(child -> log.warn("{} is asked again to stop", child.name()));
    // Who overran had all of its time; who was hurried still closes in order, a step at most.
    Deadline last = Deadline.in(insisted().isDone() ? step : LATE);
    while (!left.isEmpty() && !last.passed()) {
      left.forEach(Child::askToStop);
      left = outlive(left, Deadline.in(BETWEEN_SIGNALS), Ending.FORCED, began);
    }
    for (Child child : left) {
      child.kill();
      ended(child, Ending.KILLED, began);
    }
  }

  /** Those that the deadline finds alive; how the others ended is put down. */
  private List<Child> outlive(List<Child> children, Deadline deadline, Ending ending, long began)
      throws InterruptedException {
    List<Child> alive = new ArrayList<>();
    for (Child child : children) {
      if (child.await(deadline)) {
        ended(child, ending, began);
      } else {
        alive.add(child);
      }
    }
    return alive;
  }

  private void ended(Child child, Ending ending, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    ends.add(new PartEnd(child.name(), ending, child.status(), child.restarts(), took));
    log.info("{} ended ({})", child.name(), ending.word());
  }

  private Ending unasked(Child child) {
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
      log.error("redis-server did not stop in time: killed");
    }
    Ending ending = dead ? Ending.CRASHED : clean ? Ending.ASKED : Ending.KILLED;
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    ends.add(new PartEnd(redis.name(), ending, OptionalInt.empty(), redis.restarts(), took));
  }

  /** The time that each phase took, in order. */
  Map<String, Duration> phases() {
    return phases;
  }

  /** How each part ended, in the order of their ends. */
  List<PartEnd> ends() {
    return ends;
  }
}
