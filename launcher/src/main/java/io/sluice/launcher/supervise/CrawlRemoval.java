package io.sluice.launcher.supervise;

import io.sluice.core.config.FixedKeys;
import io.sluice.core.config.SluiceConfig;
import io.sluice.launcher.export.PageExport;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Empties a crawl's directory, so that the crawl can start over. The directory must carry a crawl's
 * mark, contain only files that crawls create, and not be in use by a running crawl. Stateless.
 */
public final class CrawlRemoval {

  /** The start of the config that {@code sluice run URL} writes, after the {@code #}. */
  public static final String CONFIG_HEADING = "Written by `sluice run URL`";

  private static final String CONFIG = "crawl.yaml";
  private static final String DEMO = ".sluice-demo";
  private static final String EXPORT = "export";

  /**
   * Names of all files that a crawl, {@code run URL} and the demo create in a crawl's directory.
   */
  private static final Set<String> OURS =
      Set.of(
          FixedKeys.FILE,
          CONFIG,
          "control.sock",
          EXPORT,
          "frontier",
          "logs",
          "output",
          "parser",
          "redis",
          "run",
          "shutdown-report.json",
          DEMO);

  /**
   * Names allowed in a directory without a mark: those of files left by a failed start or an
   * interrupted removal.
   */
  private static final Set<String> OF_A_START = Set.of(EXPORT, "logs", "redis", "run");

  /** Files that mark a crawl; deleted last, so that an interrupted removal can be repeated. */
  private static final List<String> MARKS = List.of(DEMO, CONFIG, FixedKeys.FILE);

  private CrawlRemoval() {}

  /**
   * Checks whether the crawl's directory may be emptied; changes nothing.
   *
   * @throws CannotStart if the directory does not belong to a crawl, a crawl is running in it, or
   *     the crawl uses an external Redis
   */
  public static void check(SluiceConfig config) throws CannotStart, IOException {
    Path dir = config.crawl().dir();
    check(dir);
    if (!config.redis().embedded() && Files.exists(dir) && isCrawl(dir)) {
      throw new CannotStart(
          "--fresh: Redis keeps the crawl's keys; run `sluice forget %s --redis %s`, then delete %s"
              .formatted(config.crawl().name(), config.redis().shownUri(), dir));
    }
  }

  /**
   * Checks whether the directory may be emptied; changes nothing.
   *
   * @throws CannotStart if it does not belong to a crawl, or a crawl runs in it
   */
  public static void check(Path dir) throws CannotStart, IOException {
    if (!Files.exists(dir)) {
      return;
    }
    if (!Files.isDirectory(dir)) {
      throw new CannotStart("--fresh: %s is not a directory".formatted(dir));
    }
    List<String> names = names(dir);
    List<String> others = names.stream().filter(name -> !OURS.contains(name)).toList();
    if (!others.isEmpty()) {
      throw new CannotStart(
          "--fresh: %s contains %s, which no crawl made; move it away or name another directory"
              .formatted(dir, others.getFirst()));
    }
    if (!isCrawl(dir) && !OF_A_START.containsAll(names)) {
      throw new CannotStart(
          "--fresh: %s is not a crawl's directory: it has no frontier/identity; name another one"
              .formatted(dir));
    }
    Optional<String> inUse = CrawlLock.holder(new CrawlFiles(dir));
    if (inUse.isPresent()) {
      throw new CannotStart(inUse.get());
    }
  }

  /**
   * Empties the directory; does nothing if it does not exist.
   *
   * @throws CannotStart if it does not belong to a crawl, or a crawl runs in it
   */
  public static void remove(Path dir) throws CannotStart, IOException, InterruptedException {
    check(dir);
    if (!Files.exists(dir)) {
      return;
    }
    CrawlFiles files = new CrawlFiles(dir);
    try (CrawlLock _ = CrawlLock.take(files)) {
      remove(files, List.of());
    }
  }

  /**
   * Empties a directory that was checked. Keeps the directory itself, which may be a mount point;
   * the lock, which the caller holds; and the records of exported files, reset so that these are
   * written from their beginning.
   *
   * @param processes names of this run's processes
   */
  static void remove(CrawlFiles files, Collection<String> processes)
      throws CannotStart, IOException, InterruptedException {
    Path dir = files.dir().toRealPath();
    if (!isCrawl(dir)) {
      return;
    }
    Leftovers.clean(files, processes);
    PageExport.beginAgain(files);
    Path lock = files.lock().toRealPath();
    List<String> names = new ArrayList<>(names(dir));
    names.remove(EXPORT);
    names.sort(Comparator.comparingInt(MARKS::indexOf));
    for (String name : names) {
      Files.walkFileTree(dir.resolve(name), new Removal(lock));
    }
  }

  /** Whether the directory carries a crawl's mark. */
  private static boolean isCrawl(Path dir) throws IOException {
    return Files.isRegularFile(dir.resolve("frontier").resolve("identity"))
        || Files.isRegularFile(dir.resolve(DEMO))
        || begins(dir.resolve(FixedKeys.FILE), FixedKeys.HEADING)
        || begins(dir.resolve(CONFIG), "# " + CONFIG_HEADING);
  }

  private static boolean begins(Path file, String text) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(wanted.length), wanted);
    }
  }

  /**
   * Whether a new crawl may use the directory, because it is empty or contains only the remains of
   * a failed start.
   */
  public static boolean isFree(Path dir) throws IOException {
    return Files.isDirectory(dir) && OF_A_START.containsAll(names(dir));
  }

  private static List<String> names(Path dir) throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  /** Deletes a tree, except for the lock and the directory that holds it. */
  private static final class Removal extends SimpleFileVisitor<Path> {
    private final Path lock;

    Removal(Path lock) {
      this.lock = lock;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (!file.equals(lock)) {
        Files.delete(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (!lock.startsWith(visited)) {
        Files.delete(visited);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
