package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.config.FixedKeys;
import io.sluice.core.config.Problem;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.url.Url;
import io.sluice.frontier.FrontierView;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A crawl directory that a command names, and mistakes as one line each. Stateless. */
final class CrawlDir {

  /** Work on a frontier's files that may find them damaged. */
  @FunctionalInterface
  interface Work {
    int on(FrontierView frontier) throws IOException, CannotStart;
  }

  private CrawlDir() {}

  /**
   * Does some work on the frontier of a crawl directory.
   *
   * @throws CannotStart if there is none, or its files cannot be read
   */
  static int look(Path dir, Work work) throws CannotStart {
    if (Files.isRegularFile(dir)) {
      throw new CannotStart(
          Echo.of(dir.toString()) + ": is a file; name the crawl's directory, as crawl.dir has it");
    }
    try {
      return work.on(FrontierView.of(dir, new ResourceLedger()));
    } catch (IOException e) {
      throw mistake(e);
    }
  }

  /** What went wrong, in one line that is fit to be shown. */
  static CannotStart mistake(IOException failure) {
    String said = String.valueOf(failure.getMessage());
    if (failure instanceof FileSystemException file && file.getReason() == null) {
      String kind = failure.getClass().getSimpleName().replace("Exception", "");
      said += ": " + kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
    return new CannotStart(Echo.whole(said));
  }

  /**
   * The URL that a command names.
   *
   * @throws CannotStart if it is none
   */
  static Url url(String text) throws CannotStart {
    Url url = Url.parse(text);
    if (url == null) {
      throw new CannotStart("%s: is no URL: %s".formatted(Echo.of(text), Url.explain(text)));
    }
    return url;
  }

  /**
   * The host that a command names, as URLs have it.
   *
   * @throws CannotStart if it is none
   */
  static String host(String text) throws CannotStart {
    Url url = text.contains("/") ? null : Url.parse("http://" + text + "/");
    if (url == null || !url.authority().equals(url.host()) || url.hasCredentials()) {
      throw new CannotStart(
          Echo.of(text)
              + ": is no host; name one as URLs have it, without scheme and port, such as"
              + " www.example.org");
    }
    return url.host();
  }

  /** What a config has otherwise than its crawl directory was made with, and may not; in lines. */
  static List<String> refusedChanges(SluiceConfig config) throws CannotStart {
    Path dir = config.crawl().dir();
    try {
      return FixedKeys.read(dir, new CrawlFiles(dir).brief())
          .map(fixed -> fixed.refused(FixedKeys.of(config), dir.toString()))
          .orElse(List.of())
          .stream()
          .map(Problem::toString)
          .toList();
    } catch (IOException e) {
      throw mistake(e);
    }
  }
}
