package io.sluice.it;

import io.sluice.core.testing.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/** What a crawl left in its directory, read with other people's code. */
record CrawlDir(Path path) {

  /** Every record of {@code output/pages}. */
  List<Line> pages() throws IOException {
    return jsonLines("output/pages");
  }

  /** Every line of {@code output/crawl}. */
  List<Line> crawlLog() throws IOException {
    return jsonLines("output/crawl");
  }

  /** The target URI of every response in {@code output/warc}. */
  List<String> warcResponses() throws IOException {
    List<String> targets = new ArrayList<>();
    for (Path file : files("output/warc")) {
      try (WarcReader reader = new WarcReader(file)) {
        for (WarcRecord record : reader) {
          if (record instanceof WarcResponse response) {
            response.http().status();
            targets.add(response.target());
          }
        }
      }
    }
    return targets;
  }

  /**
   * The length of the supervisor's log, in bytes. It grows when a run is under way: before that a
   * JVM has not begun to listen for signals, and SIGTERM ends it as it would any program, with 143.
   */
  long logBytes() throws IOException {
    Path log = path.resolve("logs/supervisor.log");
    return Files.exists(log) ? Files.size(log) : 0;
  }

  /** Whether a process says that it is up. */
  boolean isUp(String process) {
    return Files.exists(path.resolve("run").resolve(process + ".json"));
  }

  /** The process id of a running process of the crawl. */
  long pid(String process) throws IOException {
    return runFile(process).number("pid");
  }

  /** The port of its metrics, health and status. */
  long adminPort(String process) throws IOException {
    return runFile(process).number("adminPort");
  }

  /** Its own redis-server, while there is one; as a daemon it is nobody's child. */
  Optional<ProcessHandle> redisServer() throws IOException {
    Path file = path.resolve("redis/redis.pid");
    return Files.exists(file)
        ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
        : Optional.empty();
  }

  /** A process's log so far; empty before it has begun one. */
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
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          lines.add(new Line(Json.object(line)));
        }
      }
    }
    return lines;
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
