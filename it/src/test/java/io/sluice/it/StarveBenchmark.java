package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.it.web.Names;
import io.sluice.it.web.ScriptedWeb;
import io.sluice.it.web.ScriptedWeb.Talk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures, over real sockets, how much of their crawl rate responsive hosts keep in the presence
 * of unresponsive ones. Run by {@code bench/starve}; only asserts that the crawls work.
 */
class StarveBenchmark {

  private static final int FAST = 20;
  private static final int[] DEAD =
      Arrays.stream(System.getProperty("sluice.starve.hosts", "300,2000,10000").split(",", -1))
          .mapToInt(Integer::parseInt)
          .toArray();
  private static final Duration WINDOW =
      Duration.ofSeconds(Integer.getInteger("sluice.starve.seconds", 30));
  private static final String DELAY = System.getProperty("sluice.starve.delay", "200ms");
  private static final String ORDER = System.getProperty("sluice.starve.order", "mixed");
  private static final boolean TO_THE_END = Boolean.getBoolean("sluice.starve.end");
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration FIRST_PAGES = Duration.ofMinutes(3);

  /**
   * The ways in which a host is dead; a host's number selects one. Connections to hosts of the last
   * kind are accepted only by the kernel.
   */
  private static final List<String> KINDS =
      List.of("slow", "silent", "reset", "nameless", "unread");

  private static final boolean QUICK = Boolean.getBoolean("sluice.starve.quick");

  /** Limits the depth of links; each page is one link deeper than the previous one. */
  private static final String DEPTH = "SLUICE_SCOPE_MAX_DEPTH";

  private static final Map<String, String> SETTINGS =
      QUICK
          ? Map.of(
              DEPTH,
              "10000",
              "SLUICE_FETCHER_TIMEOUTS_DNS",
              "2s",
              "SLUICE_FETCHER_TIMEOUTS_CONNECT",
              "2s",
              "SLUICE_FETCHER_TIMEOUTS_FIRST_BYTE",
              "2s",
              "SLUICE_FETCHER_TIMEOUTS_FIRST_VISIT",
              "5s",
              "SLUICE_FETCHER_TIMEOUTS_TOTAL",
              "5s",
              "SLUICE_POLITENESS_FIRST_PATIENCE",
              "10s",
              "SLUICE_POLITENESS_TAIL_PATIENCE",
              "10s")
          : Map.of(DEPTH, "10000");

  /**
   * Returns the time by which every dead host must have been given up. A host has a first visit and
   * at most four probes, each of {@code fetcher.timeouts.total}; 32 troubled hosts are visited at a
   * time; and the last visit follows the longest pause and the patience.
   */
  private static Duration bound(int dead) {
    long visits = 5L * dead / 32;
    return QUICK
        ? Duration.ofMinutes(6).plus(Duration.ofSeconds(5).multipliedBy(visits))
        : Duration.ofMinutes(10).plus(Duration.ofSeconds(60).multipliedBy(visits));
  }

  private static final long SLOW_BYTES = 600;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path dir;

  private final AtomicLong pages = new AtomicLong();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private volatile boolean linking;

  @Test
  void fastHostsBesideDeadOnes() throws Exception {
    StringBuilder table = new StringBuilder();
    table.append(
        "%n%d fast hosts, delay %s, seeds in order: %s; window %ds%n"
            .formatted(FAST, DELAY, ORDER, WINDOW.toSeconds()));
    table.append(
        "%8s %10s %8s %10s %12s %14s %16s %16s%n"
            .formatted(
                "dead",
                "pages/s",
                "kept",
                "reached",
                "kept by them",
                "fetcher CPU-s",
                "all fast after",
                "dead at end"));
    double alone = run(0, 0, table);
    for (int dead : DEAD) {
      run(dead, alone, table);
    }
    System.out.println(table);
    Files.writeString(Path.of("target", "starve.txt"), table);
  }

  private double run(int dead, double alone, StringBuilder table) throws Exception {
    Path place = Files.createDirectory(dir.resolve("beside-" + dead));
    pages.set(0);
    answered.clear();
    linking = true;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    Names names =
        name -> name.startsWith("nameless") ? Names.silence() : ScriptedWeb.known(name, loopback);
    try (ServerSocket unread = new ServerSocket(0, 4096, loopback);
        ScriptedWeb web = ScriptedWeb.start(loopback, names, this::robots, this::answer)) {
      CrawlYaml yaml = CrawlYaml.in(place).delay(DELAY);
      List<String> seeds = seeds(web, dead, unread.getLocalPort());
      seeds.forEach(yaml::seed);
      String first = web.url("fast0", "/0");
      Path config = yaml.write(first, "test", web.port(), web.nameServer(), "");
      String text = Files.readString(config);
      String ports = web.port() + ", " + unread.getLocalPort();
      Files.writeString(config, text.replace("ports: [" + web.port(), "ports: [" + ports));
      List<String> asUsers = List.of("-Dio.netty.leakDetection.level=simple");
      long begun = System.nanoTime();
      try (SluiceProcess crawl =
          SluiceProcess.start(
              place.resolve("out.txt"), SETTINGS, asUsers, "run", config.toString())) {
        await()
            .atMost(FIRST_PAGES.plusMinutes(1))
            .until(() -> answered.size() == FAST || since(begun) > FIRST_PAGES.toSeconds());
        String allFast = answered.size() == FAST ? "%.0fs".formatted(since(begun)) : "-";
        Deadline.in(WARM_UP).pause(WARM_UP);
        long fetcher = yaml.crawlDir().pid("fetcher");
        double cpuBefore = ProcessSample.of(fetcher).cpuSeconds();
        long before = pages.get();
        int reached = answered.size();
        Deadline.in(WINDOW).pause(WINDOW);
        double rate = (pages.get() - before) / (double) WINDOW.toSeconds();
        double cpu = ProcessSample.of(fetcher).cpuSeconds() - cpuBefore;
        linking = false;
        String end = TO_THE_END ? end(crawl, yaml, dead) : "-";
        crawl.terminate();
        crawl.exitWithin(Duration.ofMinutes(2));
        String kept = dead == 0 ? "" : percent(rate, alone);
        String byThem = dead == 0 ? "" : percent(rate * FAST, alone * reached);
        table.append(
            "%8d %10.1f %8s %10d %12s %14.1f %16s %16s%n"
                .formatted(dead, rate, kept, reached, byThem, cpu, allFast, end));
        return rate;
      }
    }
  }

  private static String percent(double part, double whole) {
    return "%.0f%%".formatted(100 * part / whole);
  }

  /**
   * Waits for the crawl's end, and checks that every dead host is in the crawl log, by a URL or as
   * given up. Returns their number and the time taken.
   */
  private static String end(SluiceProcess crawl, CrawlYaml yaml, int dead) throws Exception {
    long begun = System.nanoTime();
    Duration bound = bound(dead);
    crawl.exitWithin(bound);
    Set<String> ended =
        Stream.concat(
                yaml.crawlDir().crawlLog().stream().map(line -> line.url().split("[/:.]", -1)[3]),
                yaml.crawlDir().givenUpHosts().stream()
                    .map(line -> line.text("host").split("\\.", -1)[0]))
            .filter(host -> !host.startsWith("fast"))
            .collect(Collectors.toSet());
    assertThat(ended).hasSize(dead);
    return "%d in %.0f of %ds".formatted(ended.size(), since(begun), bound.toSeconds());
  }

  private static double since(long begunNanos) {
    return (System.nanoTime() - begunNanos) / 1e9;
  }

  private static List<String> seeds(ScriptedWeb web, int dead, int unreadPort) {
    List<String> fast = new ArrayList<>();
    for (int i = 1; i < FAST; i++) {
      fast.add(web.url("fast" + i, "/0"));
    }
    List<String> others = new ArrayList<>();
    for (int i = 0; i < dead; i++) {
      String kind = KINDS.get(i % KINDS.size());
      String url = web.url(kind + i, "/");
      others.add(kind.equals("unread") ? url.replace(":" + web.port(), ":" + unreadPort) : url);
    }
    List<String> seeds = new ArrayList<>(ORDER.equals("last") ? others : fast);
    seeds.addAll(ORDER.equals("last") ? fast : others);
    if (ORDER.equals("mixed")) {
      Collections.shuffle(seeds, new Random(dead));
    }
    return seeds;
  }

  private void robots(Talk talk) throws IOException, InterruptedException {
    if (talk.host().startsWith("fast")) {
      ScriptedWeb.absent(talk);
    } else {
      answer(talk);
    }
  }

  private void answer(Talk talk) throws IOException, InterruptedException {
    if (talk.host().startsWith("fast")) {
      answered.add(talk.host());
      pages.incrementAndGet();
      long page = Long.parseLong(talk.path().substring(1));
      talk.links(
          linking ? List.of("/" + (page + 1), "/" + (page + 2), "/" + (page + 3)) : List.of());
    } else if (talk.host().startsWith("slow")) {
      talk.head(200, "text/plain", SLOW_BYTES);
      talk.body(SLOW_BYTES, 1, 1000);
    } else if (talk.host().startsWith("reset")) {
      talk.reset();
    } else {
      talk.pause(600_000);
    }
  }
}
