package io.sluice.frontier.shard;

import io.sluice.core.testing.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** Reads crawl logs. Stateless. */
public final class CrawlLogs {

  private CrawlLogs() {}

  /** The URLs of a log's lines, in their order; lines of hosts are left out. */
  public static List<String> urls(Path file) throws IOException {
    try (InputStream lines = new GZIPInputStream(Files.newInputStream(file))) {
      String text = new String(lines.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .map(line -> Json.object(line).get("url"))
          .filter(Objects::nonNull)
          .map(String::valueOf)
          .toList();
    }
  }
}
