package io.sluice.launcher.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.core.resource.ProcessMark;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process that is up leaves in {@code crawl.dir/run} for others: who it is and where its
 * admin port is. It appears whole when the process has started and goes when the process ends in
 * order; a killed one's is left: {@link #holds} tells. Immutable.
 *
 * @param process the process
 * @param adminPort the port of its status and metrics
 */
public record RunFile(ProcessMark process, int adminPort) {

  private static final Logger log = LoggerFactory.getLogger(RunFile.class);

  /** Writes {@code file} of a crawl; closing what is returned deletes it. */
  static AutoCloseable publish(CrawlFiles files, Path file, int adminPort) throws IOException {
    ProcessMark self = ProcessMark.of(ProcessHandle.current());
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("pid", self.pid());
      json.writeStringField("born", self.born());
      json.writeNumberField("adminPort", adminPort);
      json.writeEndObject();
    }
    CrawlReport.replace(files, file, text + "\n");
    return () -> Files.deleteIfExists(file);
  }

  /** The process's id. */
  public long pid() {
    return process.pid();
  }

  /** Whether the process still runs: that very one, not one that has its number by now. */
  public boolean holds() {
    return process.running().isPresent();
  }

  /**
   * Sees that no process of that name runs in the crawl directory.
   *
   * @throws CannotStart when one does; names its pid
   */
  public static void refuseTwin(CrawlFiles files, String name) throws CannotStart {
    Optional<RunFile> twin = read(files, files.runFile(name)).filter(RunFile::holds);
    if (twin.isPresent()) {
      throw new CannotStart(
          "crawl.dir=%s: in use by process %d, a %s started by itself; stop that one first"
              .formatted(files.dir(), twin.get().pid(), name));
    }
  }

  /** Reads {@code file} of a crawl; nothing where it is missing or unreadable. */
  public static Optional<RunFile> read(CrawlFiles files, Path file) {
    try {
      return Optional.of(parse(files.brief().text(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private static RunFile parse(String text) throws IOException {
    long pid = 0;
    String born = "";
    int port = 0;
    try (JsonParser json = new JsonFactory().createParser(text)) {
      while (json.nextToken() != null) {
        String name = String.valueOf(json.currentName());
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
          switch (name) {
            case "pid" -> pid = json.getLongValue();
            case "adminPort" -> port = json.getIntValue();
            default -> {}
          }
        } else if (json.currentToken() == JsonToken.VALUE_STRING && name.equals("born")) {
          born = json.getText();
        }
      }
    }
    if (pid < 1 || port < 1) {
      throw new IOException("no pid or port in it");
    }
    return new RunFile(new ProcessMark(pid, born), port);
  }
}
