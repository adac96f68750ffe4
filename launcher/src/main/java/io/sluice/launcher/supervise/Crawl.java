package io.sluice.launcher.supervise;

import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.progress.Screen;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A crawl to run. Immutable, apart from the screen.
 *
 * @param config the crawl's settings
 * @param file the file that they were read from, which the children also read
 * @param environment variables for the children, in addition to this process's own
 * @param screen shows the crawl to its user
 * @param export the target to which committed pages are copied as plain JSON lines; {@code -} for
 *     standard output, null for none
 * @param begin called after the crawl's directory has been emptied; null to continue an existing
 *     crawl
 * @param alone whether nothing else is running in this process
 */
public record Crawl(
    SluiceConfig config,
    Path file,
    Map<String, String> environment,
    Screen screen,
    @Nullable String export,
    @Nullable Begin begin,
    boolean alone) {

  /** Writes the files that a crawl needs to start over. */
  @FunctionalInterface
  public interface Begin {
    /**
     * Writes the files. Called under the directory's lock, once every check that could refuse the
     * start has passed.
     */
    void write() throws IOException;
  }

  public Crawl {
    environment = Map.copyOf(environment);
  }
}
