package io.sluice.launcher.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.resource.BriefFiles;
import io.sluice.launcher.progress.CrawlStatus;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The report of a whole crawl's stop, {@code crawl.dir/shutdown-report.json}: exit status, reason,
 * and the report of each process. Stateless.
 */
public final class CrawlReport {

  private CrawlReport() {}

  /**
   * Writes it; it appears whole.
   *
   * @param exit the worst of the processes
   * @param reason why the crawl ended
   * @param processes whose reports are gathered; null stands for one that left none
   */
  public static void write(CrawlFiles files, ExitCode exit, String reason, List<String> processes)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("exit", exit.status());
      json.writeStringField("reason", reason);
      json.writeObjectFieldStart("processes");
      for (String process : processes) {
        json.writeFieldName(process);
        copyOrNull(files.report(process), files.brief(), json);
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    replace(files, files.crawlReport(), text + "\n");
  }

  /** Why a process stopped, by its report; {@code unknown} where it left none. */
  public static String reason(CrawlFiles files, String process) throws IOException {
    Path report = files.report(process);
    if (!Files.exists(report)) {
      return "unknown";
    }
    try (JsonParser json = new JsonFactory().createParser(files.brief().text(report))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        if (name.equals("reason")) {
          return json.getText();
        }
        json.skipChildren();
      }
      return "unknown";
    }
  }

  /** The fetcher's last numbers; nothing where it left none. */
  public static Optional<CrawlStatus> lastStatus(CrawlFiles files) throws IOException {
    Path file = files.lastStatus();
    return Files.exists(file)
        ? Optional.of(CrawlStatus.parse(files.brief().text(file)))
        : Optional.empty();
  }

  /** Replaces a file by one with this content, in one step. */
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
