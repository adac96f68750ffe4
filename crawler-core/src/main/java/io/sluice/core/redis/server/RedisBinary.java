package io.sluice.core.redis.server;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;

/** The redis-server binary in Sluice's jar. Thread-safe: stateless. */
final class RedisBinary {

  /** The file's name, by which a running server is recognized, too. */
  static final String NAME = "redis-server";

  private static final String VERSION = "7.0.15";

  private RedisBinary() {}

  /**
   * Puts the redis-server for this system into {@code dir}, unless it is there already.
   *
   * @return the executable file
   * @throws IOException if there is none for this system, or the file cannot be written
   */
  static Path install(Path dir, BriefFiles files) throws IOException {
    String resource = NAME + "-" + VERSION + "-" + system() + "-" + processor();
    try (InputStream in = RedisBinary.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw new IOException(
            "this build does not contain "
                + resource
                + "; start a Redis server yourself and name it in redis.uri");
      }
      byte[] program = in.readAllBytes();
      Path file = dir.resolve(NAME);
      if (Files.isExecutable(file) && Files.size(file) == program.length) {
        return file;
      }
      Path temporary = Files.createTempFile(dir, NAME, ".tmp");
      try {
        try (Ledger.Entry _ = files.enter(temporary)) {
          Files.write(temporary, program);
        }
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx------"));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(temporary);
      }
      return file;
    }
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name.startsWith("linux") ? "linux" : name;
  }

  private static String processor() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64", "arm64" -> "arm64";
      case String other -> other;
    };
  }
}
