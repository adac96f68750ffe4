package io.sluice.launcher.cli;

import io.sluice.launcher.demo.DemoCrawl;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Screen;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: a crawl of a made-up web. Confined to the main thread. */
@Command(
    name = "demo",
    description = "Crawl a small web that Sluice serves itself on loopback. Needs no network.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  private static final Path CONFIG = Path.of("config", "demo.yaml");

  @Spec private CommandSpec spec;

  @Mixin private ScreenOptions screenOptions;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "crawls/demo",
      description =
          "Where to keep the crawl; a demo that was stopped there is continued, and a finished one"
              + " is replaced. Default: ${DEFAULT-VALUE}")
  private Path dir;

  @Option(
      names = "--fresh",
      description = "Start over instead of continuing a demo that was stopped.")
  private boolean fresh;

  @SuppressWarnings("NullAway.Init") // picocli sets them before anything runs
  DemoCommand() {}

  @Override
  public Integer call() throws Exception {
    Screen screen = screenOptions.screen(spec.commandLine());
    return new DemoCrawl(dir, config(), ConfigFile::load, screen, fresh).run().status();
  }

  /** The demo's config, beside this command's script or jars. */
  private static Path config() throws CannotStart, URISyntaxException {
    List<Path> homes = new ArrayList<>();
    String home = System.getProperty("sluice.home");
    if (home != null) {
      homes.add(Path.of(home));
    }
    @Nullable CodeSource source = DemoCommand.class.getProtectionDomain().getCodeSource();
    if (source != null && source.getLocation() != null) {
      Path lib = Path.of(source.getLocation().toURI()).toAbsolutePath().getParent();
      if (lib != null && lib.getParent() != null) {
        homes.add(lib.getParent());
      }
    }
    homes.add(Path.of(""));
    for (Path candidate : homes) {
      if (Files.isRegularFile(candidate.resolve(CONFIG))) {
        return candidate.resolve(CONFIG);
      }
    }
    throw new CannotStart(CONFIG + " was not found in any of " + homes);
  }
}
