package io.sluice.launcher.demo;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Ending;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.CrawlStatus;
import io.sluice.launcher.progress.Screen;
import io.sluice.launcher.supervise.Crawl;
import io.sluice.launcher.supervise.CrawlRemoval;
import io.sluice.launcher.supervise.CrawlRun;
import io.sluice.launcher.supervise.RunResult;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The demo: serves a made-up web, crawls it as {@code sluice run} would, and compares the result
 * with the web's contents. Confined to the main thread.
 */
public final class DemoCrawl {

  /** Marks a directory as created by the demo, which may therefore replace it. */
  private static final String MARK = ".sluice-demo";

  private final Path dir;
  private final Path config;
  private final Loader loader;
  private final Screen screen;
  private final boolean fresh;

  /** Loads a config with the given variables. */
  @FunctionalInterface
  public interface Loader {
    SluiceConfig load(Path file, Map<String, String> environment) throws CannotStart;
  }

  /**
   * @param dir the crawl's directory
   * @param config the demo's config
   * @param fresh whether to start over even if an unfinished demo exists
   */
  public DemoCrawl(Path dir, Path config, Loader loader, Screen screen, boolean fresh) {
    this.dir = dir;
    this.config = config;
    this.loader = loader;
    this.screen = screen;
    this.fresh = fresh;
  }

  /**
   * Runs the demo.
   *
   * @return clean if the crawl ended cleanly and found exactly the web's contents
   * @throws CannotStart if the user must fix something first
   */
  public ExitCode run() throws CannotStart, IOException, InterruptedException {
    int port = beginOrGoOn();
    Ledger ledger = new ResourceLedger();
    try (ResourceScope scope = new ResourceScope()) {
      DemoWeb web = scope.own(serve(port, ledger));
      DemoDns dns = scope.own(DemoDns.start(ledger));
      DemoSite.Expected expected = web.site().expected(web.port());
      screen.line(
          "A web of %d pages and %d that are gone (404), on 8 hosts, is served on 127.0.0.1:%d."
              .formatted(expected.pages(), expected.gone(), web.port()));
      screen.line(
          port == 0
              ? "Crawling it into %s; after Ctrl-C, sluice demo continues it.".formatted(dir)
              : "Continuing the crawl in %s; --fresh begins it again.".formatted(dir));
      Files.writeString(dir.resolve(MARK), web.port() + "\n");
      Map<String, String> variables =
          Map.of(
              "DEMO_DIR", dir.toString(),
              "DEMO_SEED", DemoSite.seed(web.port()),
              "DEMO_WEB_PORT", Integer.toString(web.port()),
              "DEMO_DNS_PORT", Integer.toString(dns.port()));
      Map<String, String> environment = new HashMap<>(System.getenv());
      environment.putAll(variables);
      SluiceConfig settings = loader.load(config, environment);
      RunResult end =
          CrawlRun.run(new Crawl(settings, config, variables, screen, null, null, false));
      end.summary().lines().forEach(screen::line);
      ExitCode exit = compare(end, expected, web.askedTwice());
      if (end.reason().equals("exhausted")) {
        Files.writeString(dir.resolve(MARK), ""); // so that the next demo starts over
        tryNext(web.site()).forEach(screen::line);
      }
      return exit;
    }
  }

  private ExitCode compare(RunResult end, DemoSite.Expected expected, long askedTwice) {
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

  /** Suggests commands to try next. */
  private List<String> tryNext(DemoSite site) {
    return List.of(
        "Try next    zcat %s/output/pages/*.jsonl.gz | jq -c '{url, status, title}' | head"
            .formatted(dir),
        "            sluice frontier explain %s %s".formatted(site.forbidden(), dir),
        "            sluice run http://localhost:8000/, or sluice init for a config of your own");
  }

  /** Serves the web. An unfinished demo needs the same port again, since its URLs contain it. */
  private static DemoWeb serve(int port, Ledger ledger) throws CannotStart, IOException {
    try {
      InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return DemoWeb.start(loopback, ledger);
    } catch (BindException e) {
      throw new CannotStart(
          "port %d, at which the stopped demo's web was served, is taken; --fresh begins again"
              .formatted(port));
    }
  }

  /**
   * Removes the files of a finished demo; never removes other files.
   *
   * @return the port of the web that an unfinished demo crawls; 0 if a new demo begins
   */
  private int beginOrGoOn() throws CannotStart, IOException, InterruptedException {
    Path mark = dir.resolve(MARK);
    if (Files.exists(mark)) {
      String port = Files.readString(mark).strip();
      if (!fresh && port.matches("[1-9][0-9]{0,4}")) {
        return Integer.parseInt(port);
      }
      CrawlRemoval.remove(dir);
    } else if (Files.exists(dir)) {
      throw new CannotStart(
          "--dir=%s: exists and is not the directory of a demo; name another".formatted(dir));
    }
    Files.createDirectories(dir);
    Files.createFile(mark);
    return 0;
  }
}
