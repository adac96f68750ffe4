package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.testing.Json;
import io.sluice.it.web.GeneratedWeb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fills up under a crawl: the crawl reports this and stops in an orderly way with
 * status 2. Once there is room, the same command resumes it.
 */
class DiskFullTest {

  private static final int HOSTS = 6;
  private static final int PAGES_PER_HOST = 250;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  @Test
  void aCrawlWhoseFrontierFindsNoRoomStopsInOrderAndGoesOnWhenThereIsSome() throws Exception {
    stopsAndGoesOn("frontier", "256k", "the frontier's storage failed");
  }

  @Test
  void aCrawlWhoseOutputFindsNoRoomStopsInOrderAndGoesOnWhenThereIsSome() throws Exception {
    stopsAndGoesOn("output", "256k", "the output cannot be written");
  }

  @Test
  void aCrawlWhoseFrontierFindsNoRoomAtTheStartSaysWhere() throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir);
    try (GeneratedWeb web = GeneratedWeb.start(1, 1);
        SmallDisk _ = SmallDisk.mount(yaml.crawlDir().path().resolve("frontier"), "8k");
        SluiceProcess crawl =
            SluiceProcess.start(dir.resolve("out.txt"), Map.of(), "run", yaml.of(web).toString())) {
      assertThat(crawl.exitWithin(Duration.ofMinutes(2))).as(crawl.output()).isEqualTo(1);
      assertThat(linesAbout(crawl, "sluice: "))
          .singleElement()
          .isEqualTo("sluice: crawl.dir=" + yaml.crawlDir().path() + ": No space left on device");
    }
  }

  private void stopsAndGoesOn(String part, String size, String said) throws Exception {
    CrawlYaml yaml = CrawlYaml.in(dir);
    try (GeneratedWeb web = GeneratedWeb.start(HOSTS, PAGES_PER_HOST);
        SmallDisk disk = SmallDisk.mount(yaml.crawlDir().path().resolve(part), size)) {
      String config = yaml.of(web).toString();
      Path first = dir.resolve("first.txt");
      try (SluiceProcess crawl = SluiceProcess.start(first, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(2))).as(crawl.output()).isEqualTo(2);
        System.out.println("DiskFullTest " + part + ":\n" + crawl.output());
        // One line from each process that found no room; the crawl log counts as output, too.
        assertThat(linesAbout(crawl, "No space left on device"))
            .as(crawl.output())
            .hasSizeBetween(1, 2)
            .anySatisfy(line -> assertThat(line).contains(said));
        assertThat(crawl.output()).doesNotContain("\tat ").doesNotContain("starting it again");
      }
      assertThat(web.requests()).hasSizeLessThan(HOSTS * PAGES_PER_HOST);
      assertThat(web.fetchesByPage().values()).as("fetches before the stop").containsOnly(1L);
      long undone = undone(yaml.crawlDir());
      disk.remount("size=64m");
      Path second = dir.resolve("second.txt");
      try (SluiceProcess crawl = SluiceProcess.start(second, Map.of(), "run", config)) {
        assertThat(crawl.exitWithin(Duration.ofMinutes(2))).as(crawl.output()).isZero();
      }
      Expectations.nothingLeftOpen(yaml.crawlDir());
      assertThat(web.fetchesByPage().keySet()).isEqualTo(web.truth());
      Expectations.eachPageStoredOnce(web, yaml.crawlDir());
      long repeats = repeats(web);
      System.out.println("DiskFullTest " + part + ": " + repeats + " repeats of at most " + undone);
      assertThat(repeats).as("pages fetched again").isLessThanOrEqualTo(undone);
    }
  }

  /**
   * Returns how many URLs may be requested again: leases that were given back, and those without a
   * page in Redis.
   */
  private static long undone(CrawlDir dir) throws IOException {
    Line fetcher = new Line(dir.report()).in("processes").in("fetcher");
    System.out.println("DiskFullTest: " + fetcher.in("phases"));
    Line leases = fetcher.in("leases");
    assertThat(leases.flag("balanced")).as("%s", leases).isTrue();
    String lastStatus = Files.readString(dir.path().resolve("logs/fetcher-status.json"));
    Line status = new Line(Json.object(lastStatus));
    assertThat(leases.number("outstanding"))
        .as("%s and %s", leases, status)
        .isEqualTo(status.number("inFlight") + status.number("outstanding"));
    return leases.number("given-back") + status.number("inFlight");
  }

  private static long repeats(GeneratedWeb web) {
    return web.fetchesByPage().values().stream().mapToLong(times -> times - 1).sum();
  }

  private static List<String> linesAbout(SluiceProcess crawl, String what) throws IOException {
    return crawl.output().lines().filter(line -> line.contains(what)).toList();
  }
}
