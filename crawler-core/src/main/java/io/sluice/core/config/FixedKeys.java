package io.sluice.core.config;

import io.sluice.core.resource.BriefFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings that are fixed when a crawl directory is created, kept there in {@link #FILE} as
 * lines of {@code key=value}. Immutable.
 */
public final class FixedKeys {

  /** The file's name in the crawl directory. */
  public static final String FILE = "crawl.properties";

  /** The file's first line. */
  public static final String HEADING =
      "# Fixed when this crawl directory was made. Written by Sluice; do not edit.\n";

  private static final int MAX_BYTES = 64 << 10;

  private final SortedMap<String, String> values;

  private FixedKeys(Map<String, String> values) {
    this.values = new TreeMap<>(values);
  }

  /** The fixed keys of a configuration. */
  public static FixedKeys of(SluiceConfig config) {
    return new FixedKeys(
        Map.of(
            "crawl.name", config.crawl().name(),
            "frontier.shards", Integer.toString(config.frontier().shards())));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param files enters the open file in the ledger
   * @return empty if the crawl directory has no such file, because it is new
   * @throws IOException if the file cannot be read or is damaged
   */
  public static Optional<FixedKeys> read(Path crawlDir, BriefFiles files) throws IOException {
    Path file = crawlDir.resolve(FILE);
    byte[] bytes;
    try {
      bytes = files.read(file, MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (bytes.length > MAX_BYTES) {
      throw new IOException(file + " is damaged: larger than " + MAX_BYTES + " bytes");
    }
    Map<String, String> values = new TreeMap<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      int equals = line.indexOf('=');
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (equals < 1) {
        throw new IOException(file + " is damaged: no key was found in the line " + Echo.of(line));
      }
      values.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return Optional.of(new FixedKeys(values));
  }

  /**
   * Writes the keys into a crawl directory: to a file beside the old one, synced, then renamed over
   * it, then the directory is synced. After a crash the directory has the old file or the new one.
   *
   * @param files enters the open files in the ledger
   * @throws IOException if any of these steps failed; then the file cannot be relied on
   */
  public void write(Path crawlDir, BriefFiles files) throws IOException {
    StringBuilder text = new StringBuilder(HEADING);
    values.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    files.replaceDurably(crawlDir.resolve(FILE), ".new", bytes);
  }

  /**
   * The keys that {@code current} would change. A key that only one side has belongs to another
   * version of Sluice and is not compared.
   *
   * @param current the settings of the next run
   * @param source the file that the problems name
   */
  public List<Problem> refused(FixedKeys current, String source) {
    List<Problem> problems = new ArrayList<>();
    values.forEach(
        (key, fixed) -> {
          String wanted = current.values.get(key);
          if (wanted != null && !wanted.equals(fixed)) {
            String reason =
                "cannot change in an existing crawl directory; set it to %s, or crawl.dir to a new one"
                    .formatted(Echo.of(fixed));
            problems.add(new Problem(source, 0, key, Echo.of(wanted), reason, null));
          }
        });
    return problems;
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
