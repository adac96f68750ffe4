package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.progress.Screen;
import java.nio.file.Path;
import java.util.Map;

/**
 * A crawl to run. Immutable, but for the screen.
 *
 * @param config its settings
 * @param file where they were read, and the children read them
 * @param environment variables for the children beside this process's own
 * @param screen where the crawl is shown
 * @param alone whether nothing else runs in this process
 */
public record Crawl(
    SluiceConfig config, Path file, Map<String, String> environment, Screen screen, boolean alone) {

  public Crawl {
    environment = Map.copyOf(environment);
  }
}
