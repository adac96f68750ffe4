package io.sluice.launcher.demo;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Ending;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.supervise.Crawl;
import io.sluice.launcher.supervise.CrawlEnd;
import io.sluice.launcher.supervise.CrawlLock;
import io.sluice.launcher.supervise.Leftovers;
import io.sluice.launcher.supervise.Supervisor;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The demo: serves a made-up web, crawls it as {@code sluice run} would, and compares. Confined to
 * the main thread.
 */
public final class DemoCrawl {

  /** Marks a directory that the demo made, and may therefore replace. */
  private static final String MARK = ".sluice-demo";

  private final Path dir;
  private final Path config;
  private final Loader loader;
  private final Screen screen;

  /** Loads a config with the given variables. */
  @FunctionalInterface
  public interface Loader {
    SluiceConfig load(Path file, Map<String, String> environment) throws CannotStart;
  }

  /**
   * @param dir where to keep the crawl
   * @param config the demo's config
   */
  public DemoCrawl(Path dir, Path config, Loader loader, Screen screen) {
    this.dir = dir;
    this.config = config;
    this.loader = loader;
    this.screen = screen;
  }

  /**
   * Runs the demo.
   *
   * @return clean when the crawl was and found exactly what there is
   * @throws CannotStart when something must be mended first
   */
  public ExitCode run() throws CannotStart, IOException, InterruptedException {
    startOver();
    Ledger ledger = new ResourceLedger();
    try (ResourceScope scope = new ResourceScope()) {
      DemoWeb web = scope.own(DemoWeb.start(ledger));
      DemoDns dns = scope.own(DemoDns.start(ledger));
      DemoSite.Expected expected = web.site().expected(web.port());
      screen.line(
          "A web of %d pages on 8 hosts is served on 127.0.0.1:%d. Crawling it into %s."
              .formatted(expected.pages(), web.port(), dir));
      Map<String, String> variables =
          Map.of(
              "DEMO_DIR", dir.toString(),
              "DEMO_SEED", DemoSite.seed(web.port()),
              "DEMO_WEB_PORT", Integer.toString(web.port()),
              "DEMO_DNS_PORT", Integer.toString(dns.port()));
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.putAll(variables);
      SluiceConfig settings = loader.load(config, environment);
      CrawlEnd end = Supervisor.run(new Crawl(settings, config, variables, screen, false));
      end.summary().lines().forEach(screen::line);
      return compare(end, expected, web.askedTwice());
    }
  }

  private ExitCode compare(CrawlEnd end, DemoSite.Expected expected, long askedTwice) {
    if (!end.reason().equals("exhausted")) {
      return end.exit();
    }
    CrawlStatus status = end.status();
    long pages = status.ended(Ending.PAGE.word()) - expected.gone();
    boolean right =
        pages == expected.pages()
            && status.ended(Ending.REDIRECTED.word()) == expected.moved()
            && status.ended(Ending.ROBOTS_DENIED.word()) == expected.forbidden()
            && status.ended(Ending.FAILED.word()) == 0
            && askedTwice == 0;
    screen.line(
        "Found       %d of %d pages, %d asked for twice: %s"
            .formatted(pages, expected.pages(), askedTwice, right ? "all is well" : "WRONG"));
    return right ? end.exit() : ExitCode.FORCED;
  }

  /** Removes what an earlier demo left, and nothing else. */
  private void startOver() throws CannotStart, IOException, InterruptedException {
    if (Files.exists(dir.resolve(MARK))) {
      CrawlFiles files = new CrawlFiles(dir);
      try (CrawlLock _ = CrawlLock.take(files)) {
        Leftovers.clean(files, List.of());
      }
      Files.walkFileTree(dir, new Removal());
    } else if (Files.exists(dir)) {
      throw new CannotStart(
          "--dir=%s: exists and is not a demo's; name another directory".formatted(dir));
    }
    Files.createDirectories(dir);
    Files.createFile(dir.resolve(MARK));
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(visited);
      return FileVisitResult.CONTINUE;
    }
  }
}
