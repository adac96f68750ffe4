package io.sluice.launcher.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ShutdownReportFile;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.BriefFiles;
import io.sluice.launcher.progress.CrawlStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The report of a whole crawl's stop, {@code crawl.dir/shutdown-report.json}: exit status, reason,
 * and the report of each process. Stateless.
 */
public final class CrawlReport {

  private CrawlReport() {}

  /**
   * Writes the report atomically.
   *
   * @param exit the worst exit code of any process
   * @param reason why the crawl ended
   * @param reports the file of each process's report; null for a process that left none
   * @return the report's path: its usual place, or another one if there was no room
   */
  public static Path write(
      CrawlFiles files, ExitCode exit, String reason, Map<String, Path> reports)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("exit", exit.status());
      json.writeStringField("reason", reason);
      json.writeObjectFieldStart("processes");
      for (Map.Entry<String, Path> report : reports.entrySet()) {
        json.writeFieldName(report.getKey());
        copyOrNull(report.getValue(), files.brief(), json);
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return put(files, files.crawlReport(), (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes a report to the first place that has room: its usual place (replacing the previous
   * report), the directory of logs, or the system's temporary directory.
   *
   * @return the report's path; the caller informs the user if that is not the usual place
   * @throws IOException if no place has room: the error from the usual place
   */
  public static Path put(CrawlFiles files, Path place, byte[] report) throws IOException {
    try {
      files.brief().replaceDurably(place, ".tmp", report);
      return place;
    } catch (IOException e) {
      return putElsewhere(files, place, report, e);
    }
  }

  private static Path putElsewhere(CrawlFiles files, Path place, byte[] report, IOException refusal)
      throws IOException {
    Path name = place.getFileName();
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    long pid = ProcessHandle.current().pid();
    for (Path elsewhere :
        List.of(
            place, files.logs().resolve(name), temporary.resolve("sluice-" + pid + "-" + name))) {
      try {
        Files.deleteIfExists(elsewhere); // the space of a previous report may be enough
        files.brief().replaceDurably(elsewhere, ".tmp", report);
        return elsewhere;
      } catch (IOException e) {
        refusal.addSuppressed(e);
      }
    }
    throw refusal;
  }

  /**
   * Returns the number of fetched pages that a process left in Redis; empty if its report does not
   * contain it.
   */
  public static OptionalLong resting(CrawlFiles files, Path report) throws IOException {
    if (!Files.exists(report)) {
      return OptionalLong.empty();
    }
    Status said = Status.parse(files.brief().text(report));
    return said.values().get(ShutdownReportFile.RESTING) instanceof Status.Count(long pages)
        ? OptionalLong.of(pages)
        : OptionalLong.empty();
  }

  /** Returns the fetcher's last numbers; empty if it left none. */
  public static Optional<CrawlStatus> lastStatus(CrawlFiles files) throws IOException {
    Path file = files.lastStatus();
    return Files.exists(file)
        ? Optional.of(CrawlStatus.parse(files.brief().text(file)))
        : Optional.empty();
  }

  /** Atomically replaces a file's content. */
  public static void replace(CrawlFiles files, Path file, String content) throws IOException {
    files.brief().replace(file, ".new", content);
  }

  private static void copyOrNull(Path report, BriefFiles files, JsonGenerator json)
      throws IOException {
    try (JsonParser parsed = new JsonFactory().createParser(files.text(report))) {
      parsed.nextToken();
      json.copyCurrentStructure(parsed);
    } catch (NoSuchFileException e) {
      json.writeNull();
    }
  }
}
