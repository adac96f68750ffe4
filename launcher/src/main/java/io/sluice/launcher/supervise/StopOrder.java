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

  private final CrawlRedis redis;
  private final Restarts restarts;
  private final StopRequest stop;
  private final Duration deadline;
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
    this.patience = settings.deadline().plus(settings.stepBound()).plus(MARGIN);
  }

  /**
   * Stops them all.
   *
   * @param beforeRedis what is done with Redis when nobody else uses it any more, if there is time
   */
  void run(Child fetcher, List<Child> parsers, Runnable beforeRedis) throws InterruptedException {
    if (restarts.planned(redis) || redis.ended()) {
      redis.restart(); // Without it the fetcher could not put down what it has in hand.
    }
    long began = System.nanoTime();
    Deadline ofAll = Deadline.in(deadline);
    stop(List.of(fetcher), patience);
    began = ended("fetcher", began);
    KillPoint.FETCHER_ENDED.reached();
    Duration left = ofAll.left();
    stop(parsers, left.compareTo(LEAST) > 0 ? left : LEAST);
    began = ended("parsers", began);
    KillPoint.PARSERS_ENDED.reached();
    if (ofAll.passed()) {
      log.info("the deadline is over: abandoned output, if any, is left for the next run");
    } else {
      beforeRedis.run();
    }
    stopRedis();
    ended("redis", began);
  }

  private long ended(String phase, long began) {
    long now = System.nanoTime();
    phases.put(phase, Duration.ofNanos(now - began));
    return now;
  }

  /** Stops some side by side; who is not done in time is asked again, and cuts its drain. */
  private void stop(List<Child> children, Duration time) throws InterruptedException {
    long began = System.nanoTime();
    List<Child> asked = children.stream().filter(Child::alive).toList();
    asked.forEach(Child::askToStop);
    Deadline until = Deadline.in(time).cutBy(stop.forced().toCompletableFuture());
    for (Child child : children) {
      Ending ending = asked.contains(child) ? child.awaitStop(until) : unasked(child);
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      ends.add(new PartEnd(child.name(), ending, child.status(), child.restarts(), took));
      log.info("{} ended ({})", child.name(), ending.word());
    }
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
