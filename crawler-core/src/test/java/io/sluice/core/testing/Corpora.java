package io.sluice.core.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The conformance corpora: folders of cases that others wrote, found through the system property
 * {@code sluice.corpora}. Thread-safe: stateless.
 */
public final class Corpora {

  private static final String PROPERTY = "sluice.corpora";

  private Corpora() {}

  /**
   * A file or folder of the corpora. If it is absent, the running test is skipped, with a message
   * on the console and in the report.
   *
   * @param name its path below the corpora, such as {@code wpt-url/urltestdata.json}
   */
  public static Path path(String name) {
    Path path = Path.of(System.getProperty(PROPERTY, "../shared/corpora")).resolve(name);
    if (!Files.exists(path)) {
      String message =
          "SKIPPED: no conformance corpus at "
              + path.toAbsolutePath().normalize()
              + "; set -D"
              + PROPERTY
              + " to the folder that has "
              + name;
      System.err.println(message);
      Assumptions.abort(message);
    }
    return path;
  }
}
