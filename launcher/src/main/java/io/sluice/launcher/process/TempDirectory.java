package io.sluice.launcher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The directory for temporary files, where libraries unpack their native parts and an embedded
 * Redis has its socket. Stateless.
 */
public final class TempDirectory {

  private static final String PROPERTY = "java.io.tmpdir";
  private static final String VARIABLE = "TMPDIR";

  /** Java's own default on most systems; it ignores the environment. */
  private static final String JAVAS_OWN = "/tmp";

  private TempDirectory() {}

  /**
   * Uses {@code TMPDIR}, as other programs do, unless an option names another directory. Must be
   * called first: libraries read the property only once.
   */
  public static void heed(Map<String, String> environment) {
    String wanted = environment.getOrDefault(VARIABLE, "");
    if (!wanted.isEmpty() && JAVAS_OWN.equals(System.getProperty(PROPERTY))) {
      System.setProperty(PROPERTY, wanted);
    }
    System.setProperty("ZstdTempFolder", place()); // zstd-jni has its own property
  }

  /** The directory in use. */
  static String place() {
    return System.getProperty(PROPERTY, JAVAS_OWN);
  }

  /**
   * Checks that files can be created in the directory.
   *
   * @throws CannotStart if they cannot be created
   */
  public static void check() throws CannotStart {
    try {
      Files.delete(Files.createTempFile(Path.of(place()), "sluice", ".tmp"));
    } catch (IOException e) {
      throw new CannotStart(
          "%s=%s: cannot create a file there (%s); set %s to another directory"
              .formatted(PROPERTY, place(), CrawlFiles.reason(e), VARIABLE));
    }
  }
}
