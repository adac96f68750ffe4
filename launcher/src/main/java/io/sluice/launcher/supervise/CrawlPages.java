package io.sluice.launcher.supervise;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.metrics.ProcessScrapes;
import io.sluice.core.metrics.Status;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.FetcherProcess;
import io.sluice.launcher.process.ProcessFile;
import io.sluice.launcher.progress.StatusClient;
import io.sluice.launcher.progress.StatusValues;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders the status and metrics of a whole crawl on request, from what its processes answer at
 * that moment. Their ports are found in their process files. Thread-safe: mutable fields are
 * volatile.
 */
final class CrawlPages {

  /**
   * Time limit for all scrapes together; a process not reached within it is omitted. Prometheus
   * waits ten seconds by default.
   */
  private static final Duration SCRAPE = Duration.ofSeconds(5);

  /** Maximum length of all scrapes together, in characters: enough for 250 parsers. */
  private static final int MAX_SCRAPE = 4 << 20;

  /** The fields of a fetcher's status that are about its process, not the crawl. */
  private static final Set<String> ITS_OWN =
      Set.of("process", "pid", "descriptors", "fds", "notReady", "state");

  private final String crawl;
  private final List<String> names;
  private final CrawlFiles files;
  private final StatusClient statuses;
  private final StatusClient scrapes;
  private final LongAdder unanswered = new LongAdder();

  /** The fetcher's latest status; null before the first one. */
  private volatile @Nullable Status last;

  private volatile Watched watched = new Watched(0, 0, 0, 0, 0);
  private volatile boolean stopping;

  /**
   * The supervisor's observations of a crawl, made each second.
   *
   * @param elapsedSeconds seconds since the start
   * @param pagesPerSecond rate of pages since the previous observation
   * @param bytesPerSecond body bytes since the previous observation, per second
   * @param descriptors number of descriptors open in all processes
   * @param peakDescriptors highest number of descriptors seen so far
   */
  record Watched(
      double elapsedSeconds,
      double pagesPerSecond,
      double bytesPerSecond,
      long descriptors,
      long peakDescriptors) {}

  /**
   * @param crawl the crawl's name
   * @param names the names of its children
   * @param statuses the client that requests a status
   * @param scrapes the client that requests metrics
   */
  CrawlPages(
      String crawl,
      List<String> names,
      CrawlFiles files,
      StatusClient statuses,
      StatusClient scrapes) {
    this.crawl = crawl;
    this.names = List.copyOf(names);
    this.files = files;
    this.statuses = statuses;
    this.scrapes = scrapes;
  }

  /** Records the supervisor's observations. */
  void watched(Watched now) {
    watched = now;
  }

  /** Marks the crawl as stopping. */
  void stopping() {
    stopping = true;
  }

  /** Records the fetcher's latest status. */
  void said(Status status) {
    last = status;
  }

  /** Number of times that a process did not answer a scrape. */
  long unanswered() {
    return unanswered.sum();
  }

  /** Returns the crawl's numbers, from the fetcher, and the ports of its processes. */
  Status status() {
    Map<String, ProcessFile> up = up();
    Status answered = answer(up.get(FetcherProcess.NAME));
    Watched seen = watched;
    Status.Builder status =
        Status.of()
            .put("process", Supervisor.NAME)
            .put("pid", ProcessHandle.current().pid())
            .put("crawl", crawl)
            .put("elapsedSeconds", seen.elapsedSeconds())
            .put("pagesPerSecond", seen.pagesPerSecond())
            .put("bytesPerSecond", seen.bytesPerSecond())
            .put("descriptors", seen.descriptors())
            .put("peakDescriptors", seen.peakDescriptors())
            .put("state", state(answered));
    Status numbers = last;
    if (numbers != null) {
      numbers
          .values()
          .forEach(
              (name, value) -> {
                if (!ITS_OWN.contains(name)) {
                  status.put(name, value);
                }
              });
    }
    Status.Builder processes = Status.of();
    up.forEach(
        (name, file) ->
            processes.put(
                name,
                Status.of().put("pid", file.pid()).put("adminPort", file.adminPort()).build()));
    return status.put("processes", processes.build()).build();
  }

  private String state(@Nullable Status answered) {
    if (stopping) {
      return "stopping";
    }
    String state = answered == null ? "" : StatusValues.text(answered, "state");
    if (!state.isEmpty()) {
      return state;
    }
    return last == null ? "starting" : "waiting for the fetcher";
  }

  private @Nullable Status answer(@Nullable ProcessFile fetcher) {
    Status answered = fetcher == null ? null : statuses.status(fetcher.adminPort());
    if (answered != null) {
      said(answered);
    }
    return answered;
  }

  /** The children that are up, by name. */
  private Map<String, ProcessFile> up() {
    Map<String, ProcessFile> up = new LinkedHashMap<>();
    for (String name : names) {
      ProcessFile.read(files, files.runFile(name))
          .filter(ProcessFile::holds)
          .ifPresent(file -> up.put(name, file));
    }
    return up;
  }

  /**
   * Returns the metrics of all processes, each sample labelled with its process. A process that
   * does not answer, or for which no room or time is left, is omitted and counted. Synchronized
   * because scrapes must not overlap.
   *
   * @param own supplies the supervisor's metrics
   */
  synchronized String metrics(Supplier<String> own) {
    ProcessScrapes all = new ProcessScrapes();
    Deadline deadline = Deadline.in(SCRAPE);
    int room = MAX_SCRAPE;
    for (Map.Entry<String, ProcessFile> process : up().entrySet()) {
      String scrape =
          deadline.passed() ? null : scrapes.read(process.getValue().adminPort(), "/metrics");
      if (scrape == null || scrape.length() > room) {
        unanswered.increment();
      } else {
        room -= scrape.length();
        all.add(process.getKey(), scrape);
      }
    }
    all.add(Supervisor.NAME, own.get());
    return all.text();
  }
}
