package io.sluice.launcher.process;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The files of a crawl directory, and where they are. Immutable.
 *
 * @param dir {@code crawl.dir}
 * @param brief reads and writes the small files and enters them in the ledger while they are open
 */
public record CrawlFiles(Path dir, BriefFiles brief) {

  /**
   * For callers that have no ledger, or none yet.
   *
   * @param dir {@code crawl.dir}
   */
  public CrawlFiles(Path dir) {
    this(dir, brief(new ResourceLedger()));
  }

  /** Returns the same files, with a ledger in which open files are entered. */
  public CrawlFiles enteredIn(Ledger ledger) {
    return new CrawlFiles(dir, brief(ledger));
  }

  private static BriefFiles brief(Ledger ledger) {
    return new BriefFiles(ledger, ResourceKind.OTHER, "launcher.files");
  }

  /** Suffix of the files that identify a started process. */
  public static final String CHILD_MARK = ".child";

  /**
   * The directory as shown to users, followed by whether it contains a crawl to continue. Absolute,
   * because a relative {@code crawl.dir} depends on the working directory.
   */
  public String place() {
    return "%s (%s)"
        .formatted(
            dir.toAbsolutePath().normalize(),
            Files.isDirectory(dir.resolve("frontier")) ? "continues the crawl there" : "new");
  }

  /** The directory of the output files. */
  public Path output() {
    return dir.resolve("output");
  }

  /** The directory of logs and of the individual processes' reports. */
  public Path logs() {
    return dir.resolve("logs");
  }

  /** A process's log. */
  public Path log(String process) {
    return logs().resolve(process + ".log");
  }

  /** A process's shutdown report. */
  public Path report(String process) {
    return logs().resolve(process + "-shutdown.json");
  }

  /** The file with the fetcher's last status. */
  public Path lastStatus() {
    return logs().resolve("fetcher-status.json");
  }

  /** The directory of files in which running processes describe themselves. */
  public Path run() {
    return dir.resolve("run");
  }

  /** A running process's {@link ProcessFile}. */
  public Path runFile(String process) {
    return run().resolve(process + ".json");
  }

  /**
   * The file that identifies the child process {@code process}, as long as its supervisor owns it.
   */
  public Path childMark(String process) {
    return run().resolve(process + CHILD_MARK);
  }

  /**
   * The config of the last run, without its section {@code redis}; used to look up the crawl's
   * scope.
   */
  public Path lastConfig() {
    return run().resolve("config.yaml");
  }

  /**
   * The lock file of the crawl's owner: a supervisor, a standalone fetcher, or a tool that changes
   * the crawl.
   */
  public Path lock() {
    return run().resolve("crawl.lock");
  }

  /** The socket on which a running crawl accepts commands. */
  public Path control() {
    return dir.resolve("control.sock");
  }

  /** The report of the whole crawl's last stop. */
  public Path crawlReport() {
    return dir.resolve("shutdown-report.json");
  }

  /**
   * Creates the directories and checks that files can be created there, and in the system's
   * directory for temporary files.
   *
   * @throws CannotStart if a directory or a file cannot be created
   */
  public void prepare() throws CannotStart {
    try {
      Files.createDirectories(run());
      Files.createDirectories(logs());
      Files.delete(Files.createTempFile(run(), "probe", ".tmp"));
    } catch (IOException e) {
      throw new CannotStart("crawl.dir=%s: cannot be written (%s)".formatted(dir, reason(e)));
    }
    TempDirectory.check();
  }

  /**
   * Describes a failure in a few words: {@code FILE: Read-only file system}. If the exception's
   * message is only the file's name, its class supplies the rest: {@code FILE: no such file}.
   */
  public static String reason(IOException e) {
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    if (e.getMessage() == null) {
      return kind;
    }
    if (e instanceof FileSystemException file && file.getReason() == null) {
      String words = kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
      return e.getMessage() + ": " + words;
    }
    return e instanceof FileSystemException || e.getClass() == IOException.class
        ? e.getMessage()
        : kind + ": " + e.getMessage();
  }
}
