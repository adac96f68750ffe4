package io.sluice.launcher.process;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a crawl directory holds, and where. Immutable.
 *
 * @param dir {@code crawl.dir}
 * @param brief who reads and writes the small files, and enters them in the ledger meanwhile
 */
public record CrawlFiles(Path dir, BriefFiles brief) {

  /** A crawl directory's files, for who keeps no ledger, or none yet. */
  public CrawlFiles(Path dir) {
    this(dir, brief(new ResourceLedger()));
  }

  /** The same, with what is open of them entered in that ledger. */
  public CrawlFiles enteredIn(Ledger ledger) {
    return new CrawlFiles(dir, brief(ledger));
  }

  private static BriefFiles brief(Ledger ledger) {
    return new BriefFiles(ledger, ResourceKind.OTHER, "launcher.files");
  }

  /** How the names of files end that tell who was started. */
  public static final String CHILD_MARK = ".child";

  /** Where the pages are. */
  public Path output() {
    return dir.resolve("output");
  }

  /** Logs, and the reports of single processes. */
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

  /** The fetcher's status when it ended. */
  public Path lastStatus() {
    return logs().resolve("fetcher-status.json");
  }

  /** What living processes say of themselves. */
  public Path run() {
    return dir.resolve("run");
  }

  /** A living process's {@link RunFile}. */
  public Path runFile(String process) {
    return run().resolve(process + ".json");
  }

  /** Which process the supervisor started under that name, while it owns it. */
  public Path childMark(String process) {
    return run().resolve(process + CHILD_MARK);
  }

  /**
   * The claim of whoever drives the crawl: a supervisor, a lone fetcher, a tool that changes it.
   */
  public Path lock() {
    return run().resolve("crawl.lock");
  }

  /** The report of the whole crawl's last stop. */
  public Path crawlReport() {
    return dir.resolve("shutdown-report.json");
  }

  /**
   * Makes the directories and sees whether files can be made there.
   *
   * @throws CannotStart when they cannot
   */
  public void prepare() throws CannotStart {
    try {
      Files.createDirectories(run());
      Files.createDirectories(logs());
      Files.delete(Files.createTempFile(run(), "probe", ".tmp"));
    } catch (IOException e) {
      throw new CannotStart("crawl.dir=%s: cannot be written (%s)".formatted(dir, reason(e)));
    }
  }

  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
  }
}
