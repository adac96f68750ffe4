package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.it.web.HostileWeb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A long crawl of an endless hostile web, watched from outside: every resource of a process must
 * stay flat, and its stop must be clean. {@code bench/soak} runs it on demand; the nightly profile
 * runs it for a million fetches.
 *
 * <p>These must be flat: descriptors by kind, threads, memory outside of the heap, the heap after a
 * collection, without the frontier's tables of seen URLs (which have their own bounds and metrics),
 * and Redis, which only contains pages in transit. Files on disk grow, as they should.
 */
@Tag("nightly")
@EnabledOnOs(OS.LINUX)
class SoakTest {

  /**
   * More than {@code fetcher.connections}, so that connections are constantly opened and closed.
   */
  private static final int HOSTS = 400;

  private static final long FETCHES = Long.getLong("sluice.soak.fetches", 1_000_000);
  private static final Duration AT_MOST =
      Duration.ofMinutes(Long.getLong("sluice.soak.minutes", 240));

  /**
   * Netty's default leak detection, as users have it; paranoid detection would need extra memory
   * and half of the processor.
   */
  private static final List<String> AS_USERS = List.of("-Dio.netty.leakDetection.level=simple");

  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aHostileWebMakesNoResourceClimbAndTheStopIsClean() throws Exception {
    try (HostileWeb web = HostileWeb.start(HOSTS, Integer.MAX_VALUE / HOSTS)) {
      Path config = HostileYaml.write(dir, web, Duration.ZERO, Duration.ofSeconds(1), 1);
      CrawlDir crawlDir = new CrawlDir(dir.resolve("crawl"));
      // each full collection compacts the whole heap; by default three of four leave 5% of waste.
      // The supervisor's heap gets the launcher script's bound; its children have their own.
      Map<String, String> options =
          Map.of("JDK_JAVA_OPTIONS", "-XX:MarkSweepAlwaysCompactCount=1 -Xmx96m");
      try (SluiceProcess crawl =
              SluiceProcess.start(
                  dir.resolve("out.txt"), options, AS_USERS, "run", config.toString());
          SoakSampler sampler = new SoakSampler(crawlDir, crawl.handle())) {
        await().atMost(Duration.ofMinutes(2)).until(() -> web.requests() > HOSTS || !crawl.alive());
        Duration ran = watch(crawl, web, sampler);
        long begun = System.nanoTime();
        crawl.terminate();
        int exit = crawl.exitWithin(Duration.ofSeconds(40));
        Duration stop = Duration.ofNanos(System.nanoTime() - begun);
        String table = SoakTable.of(sampler, web, ran, stop);
        System.out.println(table);
        Files.writeString(Path.of("target", "soak.txt"), table);
        assertThat(exit).as(crawl.output()).isZero();
        assertThat(sampler.withHoles()).as("series with too few readings").isEmpty();
        assertThat(sampler.series())
            .as("what climbs:%n%s", table)
            .filteredOn(series -> !series.flatness().flat())
            .extracting(SoakSeries::name)
            .isEmpty();
      }
      Expectations.nothingLeftOpen(crawlDir);
      assertThat(web.uncalledFor()).as("requests that robots.txt forbids").isZero();
      assertThat(System.getProperty("sluice.soak.minutes") != null || web.requests() >= FETCHES)
          .as("%s fetches within %s", FETCHES, AT_MOST)
          .isTrue();
    }
  }

  private static Duration watch(SluiceProcess crawl, HostileWeb web, SoakSampler sampler)
      throws Exception {
    long begun = System.nanoTime();
    await()
        .pollInSameThread()
        .pollInterval(BETWEEN_SAMPLES)
        .atMost(AT_MOST.plusMinutes(2))
        .until(
            () -> {
              assertThat(crawl.alive()).as("it ended by itself: %s", crawl.output()).isTrue();
              sampler.sample();
              return web.requests() >= FETCHES || System.nanoTime() - begun >= AT_MOST.toNanos();
            });
    return Duration.ofNanos(System.nanoTime() - begun);
  }
}
