package io.sluice.launcher.cli;

import io.sluice.launcher.process.CannotStart;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Converts an argument to a crawl's directory: the argument is the directory itself or the config
 * file that names it. Stateless.
 */
final class CrawlDirConverter implements ITypeConverter<Path> {

  @Override
  public Path convert(String text) {
    Path path = path(text);
    if (!isConfig(text, path)) {
      return path;
    }
    try {
      return ConfigFile.load(path).crawl().dir();
    } catch (CannotStart e) {
      throw new TypeConversionException(e.lines().getFirst());
    }
  }

  /** Returns the config file if the argument named one; null if it named the directory itself. */
  static @Nullable Path config(String text) {
    Path path = Path.of(text);
    return isConfig(text, path) ? path : null;
  }

  private static boolean isConfig(String text, Path path) {
    return (text.endsWith(".yaml") || text.endsWith(".yml")) && Files.isRegularFile(path);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new TypeConversionException("is not a path");
    }
  }
}
