package io.sluice.fetcher.robots;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.url.Url;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts robots.txt files by result ({@code sluice_robots_fetches_total}), and shows how many are
 * cached. The library's own warnings are off, since they do not name a host. Thread-safe.
 */
final class RobotsMetrics {
  private static final Logger log = LoggerFactory.getLogger(RobotsMetrics.class);

  private final AtomicInteger cached = new AtomicInteger();
  private final Counter known;
  private final Counter oddOfAddresses;
  private final Counter oddOfNames;
  private final Counter unreachable;
  private final Counter hostFailed;
  private final Counter moved;
  private final Counter busy;
  private final Counter cancelled;

  RobotsMetrics(MeterRegistry meters, int max) {
    known = counter(meters, "known");
    unreachable = counter(meters, "unreachable");
    hostFailed = counter(meters, "host-failed");
    moved = counter(meters, "moved");
    busy = counter(meters, "busy");
    cancelled = counter(meters, "cancelled");
    oddOfNames = oddCounter(meters, "name");
    oddOfAddresses = oddCounter(meters, "address");
    Gauge.builder("sluice.robots.cached", cached, AtomicInteger::get)
        .description("Origins whose rules are cached")
        .register(meters);
    Gauge.builder("sluice.robots.cached.max", () -> max)
        .description("Maximum number of origins whose rules are cached")
        .register(meters);
  }

  private static Counter oddCounter(MeterRegistry meters, String host) {
    return Counter.builder("sluice.robots.odd")
        .description("robots.txt files with lines that are not rules, by class of host")
        .tag("host", host)
        .register(meters);
  }

  private static Counter counter(MeterRegistry meters, String result) {
    return Counter.builder("sluice.robots.fetches")
        .description("robots.txt files asked for, by result")
        .tag("result", result)
        .register(meters);
  }

  void fetched(Url url, RobotsAnswer answer) {
    switch (answer) {
      case RobotsAnswer.Known(RobotsRules rules, _, _) -> {
        known.increment();
        if (rules.problems() > 0) {
          boolean address = url.host().startsWith("[") || Character.isDigit(lastOf(url.host()));
          (address ? oddOfAddresses : oddOfNames).increment();
          log.debug("{} lines of {}/robots.txt are not rules", rules.problems(), url.origin());
        }
      }
      case RobotsAnswer.Unreachable _ -> unreachable.increment();
      case RobotsAnswer.HostFailed _ -> hostFailed.increment();
      case RobotsAnswer.Moved _ -> moved.increment();
      case RobotsAnswer.Busy _ -> busy.increment();
      case RobotsAnswer.Cancelled _ -> cancelled.increment();
    }
  }

  private static char lastOf(String host) {
    return host.charAt(host.length() - 1);
  }

  void cached(int change) {
    cached.addAndGet(change);
  }
}
