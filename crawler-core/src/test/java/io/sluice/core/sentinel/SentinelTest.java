package io.sluice.core.sentinel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Plants a leak in this process; the test advances the time. */
class SentinelTest {

  private static final Duration TICK = Duration.ofSeconds(15);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ResourceLedger ledger = new ResourceLedger();
  private final ResourceScope leaked = new ResourceScope();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Sentinel.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Sentinel sentinel = new Sentinel(registry, 0);
  private Duration now = Duration.ZERO;

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void close() {
    logger.detachAppender(lines);
    logger.setLevel(null);
    leaked.close();
    registry.close();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPlantedLeakIsWarnedOfOnceWithKindRateOwnerAndTimeUntilTheLimit() throws IOException {
    DescriptorCensus census =
        new DescriptorCensus(
            ledger, new DescriptorRules().files(ResourceKind.OUTPUT, folder), Duration.ZERO);
    Readings readings = new Readings(census, ledger);
    passes(Sentinel.SETTLES, readings);
    assertThat(gauge("climbing", "output")).isZero();

    for (int minute = 0; minute < 20; minute++) {
      leak();
      leak();
      passes(MINUTE, readings);
    }

    int limit = census.now().limit().orElseThrow();
    assertThat(limit).isPositive();
    assertThat(warnings())
        .singleElement()
        .asString()
        .matches(
            "output climbs steadily, by 120 an hour over the last 1\\d min \\(\\d\\d now\\);"
                + " owner: test\\.planted; at this rate the limit is reached in \\d+ (h|days)");
    assertThat(gauge("climbing", "output")).isOne();
    assertThat(gauge("slope.per.hour", "output")).isEqualTo(120);
    assertThat(gauge("climbing", "redis")).isZero();
    assertThat(gauge("climbing", "live-threads")).isZero();
  }

  @Test
  void aLeakInsideChurnIsFoundByWhatStaysAndItsOwnerIsNamed() {
    for (int minute = 0; minute < 8 * 60; minute++) {
      int stayed = minute / 10;
      int churning = minute % 2 == 0 ? 500 : 100;
      take(
          reading(
              churning + stayed,
              List.of(
                  new Reading.Owned("https", "fetcher.http", churning, 0),
                  new Reading.Owned("https", "fetcher.probe", stayed, stayed))));
    }

    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("https climbs steadily, by 6 an hour", "counting what stays open")
        .contains("owner: fetcher.probe; no limit is known");
  }

  @Test
  void whatNobodyEnteredHasAnUnknownOwner() {
    for (int minute = 0; minute < 60; minute++) {
      take(reading(minute, List.of()));
    }

    assertThat(warnings()).singleElement().asString().contains("owner: unknown");
  }

  @Test
  void theFirstTenMinutesAreNotLookedAt() {
    for (int minute = 0; minute < 60; minute++) {
      take(reading(Math.min(minute, 9) * 50, List.of()));
    }

    assertThat(warnings()).isEmpty();
  }

  @Test
  void anEndedClimbIsSaidOnceAndTheMetricFalls() {
    for (int minute = 0; minute < 6 * 60; minute++) {
      take(reading(Math.min(minute, 60), List.of()));
    }

    assertThat(warnings()).hasSize(1);
    assertThat(lines.list).hasSize(2);
    assertThat(lines.list.getLast().getFormattedMessage()).isEqualTo("https has stopped climbing");
    assertThat(gauge("climbing", "https")).isZero();
  }

  @Test
  void itsThreadIsEnteredAndEndsWithIt() {
    DescriptorCensus census = new DescriptorCensus(ledger, new DescriptorRules(), Duration.ZERO);
    SimpleMeterRegistry fresh = new SimpleMeterRegistry();
    try (SentinelThread thread = SentinelThread.start(census, ledger, fresh)) {
      assertThat(thread).isNotNull();
      assertThat(fresh.find("sluice.sentinel.climbing").tag("kind", "redis").gauge()).isNotNull();
      assertThat(ledger.open()).isEqualTo(Map.of(ResourceKind.THREAD, 1));
    }
    assertThat(ledger.open()).isEmpty();
    await()
        .until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(SentinelTest::isIts));
  }

  private static boolean isIts(Thread thread) {
    return thread.getName().equals("sentinel");
  }

  private void leak() throws IOException {
    leaked.own(FileChannel.open(Files.createTempFile(folder, "leak", "")));
    leaked.own(ledger.enter(ResourceKind.OUTPUT, "test.planted"));
  }

  private void passes(Duration time, Readings readings) {
    Duration until = now.plus(time);
    while (now.compareTo(until) < 0) {
      sentinel.take(readings.read(now.toNanos()), now.toNanos());
      now = now.plus(TICK);
    }
  }

  private void take(Reading reading) {
    sentinel.take(reading, now.toNanos());
    now = now.plus(MINUTE);
  }

  private static Reading reading(int https, List<Reading.Owned> owned) {
    return new Reading(
        Map.of("https", new Reading.Amount(Unit.PIECES, https, OptionalDouble.empty())), owned);
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private double gauge(String name, String kind) {
    return registry.get("sluice.sentinel." + name).tag("kind", kind).gauge().value();
  }
}
