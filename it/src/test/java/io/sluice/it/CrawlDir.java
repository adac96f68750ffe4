package io.sluice.it;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.sluice.core.testing.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/** The files in a crawl's directory, read with third-party code. */
record CrawlDir(Path path) {

  /** Reads every record of {@code output/pages}. */
  List<Line> pages() throws IOException {
    return jsonLines("output/pages");
  }

  /** Reads the line of each URL in {@code output/crawl}. */
  List<Line> crawlLog() throws IOException {
    return jsonLines("output/crawl").stream()
        .filter(line -> line.fields().containsKey("url"))
        .toList();
  }

  /** Reads the lines in {@code output/crawl} of hosts that were given up. */
  List<Line> givenUpHosts() throws IOException {
    return jsonLines("output/crawl").stream()
        .filter(line -> line.text("outcome").equals("given-up"))
        .toList();
  }

  /**
   * The target URI of every response in {@code output/warc} that belongs to a page; exchanges that
   * are archived but not parsed have other record ids.
   */
  List<String> warcResponses() throws IOException {
    Set<String> pages = pages().stream().map(CrawlDir::recordId).collect(Collectors.toSet());
    return warcTargets(response -> pages.contains(response.id().toString()));
  }

  /** The target URI of every response in {@code output/warc} that does not belong to a page. */
  List<String> warcOthers() throws IOException {
    Set<String> pages = pages().stream().map(CrawlDir::recordId).collect(Collectors.toSet());
    return warcTargets(response -> !pages.contains(response.id().toString()));
  }

  private List<String> warcTargets(Predicate<WarcResponse> wanted) throws IOException {
    List<String> targets = new ArrayList<>();
    for (Path file : warcFiles()) {
      // jwarc 0.36's own zstd support does not notice the end of a file
      boolean zstd = file.toString().endsWith(".zst");
      try (WarcReader reader = zstd ? new WarcReader(unpacked(file)) : new WarcReader(file)) {
        for (WarcRecord record : reader) {
          if (record instanceof WarcResponse response && wanted.test(response)) {
            response.http().status();
            targets.add(response.target());
          }
        }
      }
    }
    return targets;
  }

  /** Derives a page's WARC-Record-ID as described in docs/output-format.md. */
  private static String recordId(Line page) {
    Instant fetchedAt = Instant.parse(page.text("fetched_at"));
    String seed = page.text("lease") + " " + page.url() + " " + fetchedAt;
    byte[] name = ("response " + seed).getBytes(StandardCharsets.UTF_8);
    return "urn:uuid:" + UUID.nameUUIDFromBytes(name);
  }

  /** The complete files of {@code output/warc}. */
  List<Path> warcFiles() throws IOException {
    return files("output/warc");
  }

  /**
   * The length of the supervisor's log, in bytes. The log grows once a run has begun. Until then,
   * the JVM does not handle signals, and SIGTERM ends it with status 143.
   */
  long logBytes() throws IOException {
    Path log = path.resolve("logs/supervisor.log");
    return Files.exists(log) ? Files.size(log) : 0;
  }

  /** Whether a process reports that it is up. */
  boolean isUp(String process) {
    return Files.exists(path.resolve("run").resolve(process + ".json"));
  }

  /** The process id of a running process of the crawl. */
  long pid(String process) throws IOException {
    return runFile(process).number("pid");
  }

  /** The port that serves a process's metrics, health and status. */
  long adminPort(String process) throws IOException {
    return runFile(process).number("adminPort");
  }

  /**
   * The crawl's redis-server, if it is running; it is a daemon and not a child of the crawl's
   * processes.
   */
  Optional<ProcessHandle> redisServer() throws IOException {
    Path file = path.resolve("redis/redis.pid");
    return Files.exists(file)
        ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
        : Optional.empty();
  }

  /** The socket of the crawl's redis-server. */
  Path redisSocket() throws IOException {
    return Path.of(Files.readAllLines(path.resolve("redis/redis.socket")).getFirst());
  }

  /** A process's log so far; empty if the process has not written one. */
  String log(String process) throws IOException {
    Path log = path.resolve("logs").resolve(process + ".log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  private Line runFile(String process) throws IOException {
    Path file = path.resolve("run").resolve(process + ".json");
    return new Line(Json.object(Files.readString(file)));
  }

  /** The combined report of the last stop. */
  Map<String, @Nullable Object> report() throws IOException {
    return Json.object(Files.readString(path.resolve("shutdown-report.json")));
  }

  private List<Line> jsonLines(String folder) throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Path file : files(folder)) {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(unpacked(file), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(new Line(Json.object(line)));
        }
      }
    }
    return lines;
  }

  private static InputStream unpacked(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    return file.toString().endsWith(".zst")
        ? new ZstdInputStreamNoFinalizer(in)
        : new GZIPInputStream(in);
  }

  private List<Path> files(String folder) throws IOException {
    Path dir = path.resolve(folder);
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.sorted().toList();
    }
  }
}
