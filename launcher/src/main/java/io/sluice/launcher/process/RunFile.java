package io.sluice.launcher.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that is up leaves in {@code crawl.dir/run} for others: its pid and where its admin
 * port is. It appears whole when the process has started and goes when the process ends in order; a
 * killed one's is left, so its pid tells whether it still holds. Immutable.
 *
 * @param pid the process's id
 * @param adminPort the port of its status and metrics
 */
public record RunFile(long pid, int adminPort) {

  private static final Logger log = LoggerFactory.getLogger(RunFile.class);

  /** Writes {@code file}; closing what is returned deletes it. */
  static AutoCloseable publish(Path file, int adminPort) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("pid", ProcessHandle.current().pid());
      json.writeNumberField("adminPort", adminPort);
      json.writeEndObject();
    }
    CrawlReport.replace(file, text + "\n");
    return () -> Files.deleteIfExists(file);
  }

  /** Reads {@code file}; nothing where it is missing or unreadable. */
  public static Optional<RunFile> read(Path file) {
    try {
      return Optional.of(parse(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private static RunFile parse(String text) throws IOException {
    long pid = 0;
    int port = 0;
    try (JsonParser json = new JsonFactory().createParser(text)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          switch (String.valueOf(json.currentName())) {
            case "pid" -> pid = json.getLongValue();
            case "adminPort" -> port = json.getIntValue();
            default -> {}
          }
        }
      }
    }
    if (pid < 1 || port < 1) {
      throw new IOException("no pid or port in it");
    }
    return new RunFile(pid, port);
  }
}
