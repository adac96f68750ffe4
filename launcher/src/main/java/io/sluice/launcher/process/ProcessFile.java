package io.sluice.launcher.process;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.metrics.Status;
import io.sluice.core.resource.DirectoryNote;
import io.sluice.core.resource.ProcessMark;
import io.sluice.launcher.progress.StatusValues;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file in {@code crawl.dir/run} in which a running process publishes its identity and its admin
 * port. It is written atomically once the process has started, and removed when the process ends in
 * an orderly way. A killed process leaves its file behind; {@link #holds} detects that. Immutable.
 *
 * @param process identifies the process that wrote the file
 * @param adminPort the port that serves its status and metrics
 */
public record ProcessFile(ProcessMark process, int adminPort) {

  private static final Logger log = LoggerFactory.getLogger(ProcessFile.class);

  private static final int MAX_PORT = 65_535;

  /** Writes {@code file} of a crawl; closing the returned object deletes it. */
  public static AutoCloseable publish(CrawlFiles files, Path file, int adminPort)
      throws IOException {
    ProcessMark self = ProcessMark.of(ProcessHandle.current());
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("pid", self.pid());
      json.writeStringField("born", self.born());
      json.writeNumberField("adminPort", adminPort);
      json.writeStringField("directory", DirectoryNote.identity(files.dir()));
      json.writeEndObject();
    }
    CrawlReport.replace(files, file, text + "\n");
    return () -> Files.deleteIfExists(file);
  }

  /** The process's id. */
  public long pid() {
    return process.pid();
  }

  /**
   * Whether the file's process is still running; another process with the same pid does not count.
   */
  public boolean holds() {
    return process.running().isPresent();
  }

  /**
   * Checks that no process of the given name is running in the crawl directory.
   *
   * @throws CannotStart if one is running; the message names its pid
   */
  public static void refuseTwin(CrawlFiles files, String name) throws CannotStart {
    Optional<ProcessFile> twin = read(files, files.runFile(name)).filter(ProcessFile::holds);
    if (twin.isPresent()) {
      throw new CannotStart(
          "crawl.dir=%s: in use by process %d, a %s started by itself; stop that one first"
              .formatted(files.dir(), twin.get().pid(), name));
    }
  }

  /**
   * Reads {@code file} of a crawl; empty if it is missing or unreadable, or was copied from another
   * directory.
   */
  public static Optional<ProcessFile> read(CrawlFiles files, Path file) {
    try {
      return parse(files.brief().text(file), DirectoryNote.identity(files.dir()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      log.debug("{} cannot be read", file, e);
      return Optional.empty();
    }
  }

  private static Optional<ProcessFile> parse(String text, String here) throws IOException {
    Status said = Status.parse(text);
    long pid = StatusValues.number(said, "pid", 0);
    long port = StatusValues.number(said, "adminPort", 0);
    if (pid < 1 || port < 1 || port > MAX_PORT) {
      throw new IOException("it has no pid or port");
    }
    ProcessMark process = new ProcessMark(pid, StatusValues.text(said, "born"));
    return StatusValues.text(said, "directory").equals(here)
        ? Optional.of(new ProcessFile(process, (int) port))
        : Optional.empty();
  }
}
