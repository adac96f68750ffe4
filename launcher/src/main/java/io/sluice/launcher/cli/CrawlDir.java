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
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves the crawl directory, URL or host that a command's arguments name, and describes each
 * user error in one line. Stateless.
 */
final class CrawlDir {

  /** Work on a frontier's files that may find them damaged. */
  @FunctionalInterface
  interface Work {
    int on(FrontierView frontier) throws IOException, CannotStart;
  }

  private CrawlDir() {}

  /**
   * Runs some work on the frontier of a crawl directory.
   *
   * @throws CannotStart if the directory has no frontier, or its files cannot be read
   */
  static int look(Path dir, Work work) throws CannotStart {
    if (Files.isRegularFile(dir)) {
      throw new CannotStart(
          Echo.of(dir.toString()) + ": is a file; name the crawl's directory (crawl.dir)");
    }
    try {
      return work.on(FrontierView.of(dir, new ResourceLedger()));
    } catch (IOException e) {
      throw mistake(e);
    }
  }

  /** Wraps a failure as one line for the user. */
  static CannotStart mistake(IOException failure) {
    String said =
        failure instanceof FileSystemException file
            ? CrawlFiles.reason(file)
            : String.valueOf(failure.getMessage());
    return new CannotStart(Echo.whole(said));
  }

  /**
   * Returns the URL that a command names.
   *
   * @throws CannotStart if it is not a URL
   */
  static Url url(String text) throws CannotStart {
    Url url = Url.parse(text);
    if (url == null) {
      throw new CannotStart(notAUrl(text));
    }
    return url;
  }

  /**
   * Returns the seeds that a command names.
   *
   * @throws CannotStart with a line for each that is not a URL or has credentials
   */
  static List<Url> seeds(List<String> texts) throws CannotStart {
    List<Url> urls = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String text : texts) {
      Url url = Url.parse(text);
      if (url == null) {
        problems.add(notAUrl(text));
      } else if (url.hasCredentials()) {
        problems.add(
            Echo.withoutPassword(text)
                + ": has a user name or password, which is never sent; remove it");
      } else {
        urls.add(url);
      }
    }
    if (!problems.isEmpty()) {
      throw new CannotStart(problems);
    }
    return urls;
  }

  /** A line for the user about why a text is not a URL. */
  static String notAUrl(String text) {
    return "%s: is not a URL: %s".formatted(Echo.of(text), Url.explain(text));
  }

  /**
   * Returns the host that a command names, in the form that URLs use.
   *
   * @throws CannotStart if it is not a host
   */
  static String host(String text) throws CannotStart {
    Url url = text.contains("/") ? null : Url.parse("http://" + text + "/");
    if (url == null || !url.authority().equals(url.host()) || url.hasCredentials()) {
      throw new CannotStart(
          Echo.of(text)
              + ": is not a host; name one as in a URL, without scheme and port, such as"
              + " www.example.org");
    }
    return url.host();
  }

  /** The error for a host that the frontier does not know. */
  static CannotStart unknownHost(String name) {
    return new CannotStart(name + ": the frontier has never had a URL of this host");
  }

  /**
   * Refuses a config that changes a setting fixed by its crawl directory, before anything is
   * started or written.
   *
   * @throws CannotStart if the config changes such a setting
   */
  static void refuseChanges(SluiceConfig config) throws CannotStart {
    List<String> refused = refusedChanges(config);
    if (!refused.isEmpty()) {
      throw new CannotStart(refused);
    }
  }

  /**
   * Returns a line for each setting that is fixed by the crawl directory but changed by the config.
   */
  static List<String> refusedChanges(SluiceConfig config) throws CannotStart {
    Path dir = config.crawl().dir();
    try {
      return FixedKeys.read(dir, new CrawlFiles(dir).brief())
          .map(fixed -> fixed.refused(FixedKeys.of(config), dir.toString()))
          .orElse(List.of())
          .stream()
          .map(Problem::toString)
          .toList();
    } catch (FileSystemException e) {
      throw new CannotStart("crawl.dir=%s: %s".formatted(dir, CrawlFiles.reason(e)));
    } catch (IOException e) {
      throw mistake(e);
    }
  }
}
