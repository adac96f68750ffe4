package io.sluice.core.sentinel;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what the process holds and warns of what climbs: once when that is certain, with the
 * kind, the rate, the owner and the time until the limit, and once when the climb has ended. The
 * first {@link #SETTLES} are ignored, since every pool fills then.
 *
 * <p>The time is monotonic: the wall clock may jump, and minutes during which the process was
 * stopped are gaps. Bounded: a day of minutes for each kind and for {@value #MAX_OWNERS} owners, 23
 * KB each. Confined to one thread; its gauges may be read on any thread.
 */
final class Sentinel {

  /** How long readings are ignored after the process's start. */
  static final Duration SETTLES = Duration.ofMinutes(10);

  private static final int MAX_OWNERS = 64;
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final Logger log = LoggerFactory.getLogger(Sentinel.class);

  private final long beganNanos;
  private final Map<String, Watch> watches = new LinkedHashMap<>();
  private final Map<Owner, Track> owners = new HashMap<>();
  private long judged = -1;

  private record Owner(String kind, String name) {}

  /** One kind under watch. */
  private static final class Watch {
    private final Track track = new Track();
    private final Alarm alarm = new Alarm();
    private volatile double perHour = Double.NaN;
    private volatile boolean climbing;
  }

  /**
   * Creates a sentinel without readings.
   *
   * @param registry where its gauges go; borrowed
   * @param nanos the time, monotonic
   */
  Sentinel(MeterRegistry registry, long nanos) {
    this.beganNanos = nanos;
    for (String kind : Readings.kinds()) {
      Watch watch = new Watch();
      watches.put(kind, watch);
      Gauge.builder("sluice.sentinel.climbing", watch, w -> w.climbing ? 1 : 0)
          .tag("kind", kind)
          .description("1 if the kind's count climbs steadily, else 0")
          .register(registry);
      Gauge.builder("sluice.sentinel.slope.per.hour", watch, w -> w.perHour)
          .tag("kind", kind)
          .description("Growth of the kind's count per hour")
          .register(registry);
    }
  }

  /** Takes a reading; once a minute, judges every kind. */
  void take(Reading reading, long nanos) {
    long sinceNanos = nanos - beganNanos - SETTLES.toNanos();
    if (sinceNanos < 0) {
      return;
    }
    long minute = sinceNanos / MINUTE_NANOS;
    remember(reading, minute);
    if (minute != judged) {
      judged = minute;
      reading.amounts().forEach((kind, amount) -> judge(kind, amount, minute));
    }
  }

  private void remember(Reading reading, long minute) {
    reading
        .amounts()
        .forEach(
            (kind, amount) -> watch(kind).track.add(minute, amount.now(), reading.stayed(kind)));
    for (Reading.Owned owned : reading.owned()) {
      Owner owner = new Owner(owned.kind(), owned.owner());
      Track track =
          owners.size() < MAX_OWNERS
              ? owners.computeIfAbsent(owner, o -> new Track())
              : owners.get(owner);
      if (track != null) {
        track.add(minute, owned.count(), owned.stayed());
      }
    }
  }

  private Watch watch(String kind) {
    return watches.computeIfAbsent(kind, k -> new Watch());
  }

  private void judge(String kind, Reading.Amount amount, long minute) {
    Watch watch = watch(kind);
    watch.perHour = Trend.perHour(watch.track, minute);
    Verdict verdict = Trend.decide(watch.track, amount.unit().leastRise(), minute);
    switch (watch.alarm.take(verdict)) {
      case NONE -> {}
      case RAISED -> warn(kind, verdict, amount, minute);
      case CLEARED -> log.info("{} has stopped climbing", kind);
    }
    watch.climbing = watch.alarm.isRaised();
  }

  private void warn(String kind, Verdict verdict, Reading.Amount amount, long minute) {
    if (verdict instanceof Verdict.Climbing climb) {
      log.warn("{}", new Warning(kind, climb, amount, owner(kind, climb, minute)).text());
    }
  }

  /**
   * The owner whose entries account for most of the growth; empty if that is less than half of it.
   */
  private Optional<String> owner(String kind, Verdict.Climbing climb, long minute) {
    Map<String, Double> growths = new HashMap<>();
    owners.forEach(
        (owner, track) -> {
          if (owner.kind.equals(kind)) {
            Series series = climb.stayed() ? track.stayed() : track.all();
            growths.put(owner.name, Trend.growth(series, minute, climb.minutes()));
          }
        });
    Track whole = watch(kind).track;
    double all =
        Trend.growth(climb.stayed() ? whole.stayed() : whole.all(), minute, climb.minutes());
    return growths.entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .filter(most -> most.getValue() * 2 >= all)
        .map(Map.Entry::getKey);
  }
}
