package io.sluice.launcher.export;

import io.sluice.core.resource.BriefFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * How far a crawl's pages were copied to one target, kept in {@code crawl.dir/export}: a line for
 * each output file with the number of its bytes that were copied, and the target's length at that
 * time. {@code +n} means that a stream failed within the next member, n bytes of whose lines it had
 * accepted. The state is saved after the target was synced, so the target may hold more than
 * recorded, but never less. Confined to one thread.
 */
final class ExportState {

  private static final String HEADING = "sluice export 1";
  private static final String TO = "to ";

  private final Path file;
  private final String target;
  private final BriefFiles files;
  private final Map<String, Long> offsets = new TreeMap<>();
  private final Map<String, Long> takenBehind = new TreeMap<>();
  private long length;
  private boolean found;

  private ExportState(Path file, String target, BriefFiles files) {
    this.file = file;
    this.target = target;
    this.files = files;
  }

  /**
   * Reads the state of a target; returns a new one if no state was saved.
   *
   * @param target the target's absolute path, or {@code -} for standard output
   * @throws IOException if the file cannot be read, or is not a state file
   */
  static ExportState read(Path crawlDir, String target, BriefFiles files) throws IOException {
    UUID ofPath = UUID.nameUUIDFromBytes(target.getBytes(StandardCharsets.UTF_8));
    String name = target.equals("-") ? "stdout" : ofPath.toString();
    Path file = crawlDir.resolve("export").resolve(name);
    ExportState state = new ExportState(file, target, files);
    if (Files.exists(file)) {
      state.parse(files.text(file).lines().toList());
    }
    return state;
  }

  /**
   * Resets the state of every target of the crawl: the crawl starts over, so none of its pages has
   * been copied.
   */
  static void resetAll(Path crawlDir, BriefFiles files) throws IOException {
    Path dir = crawlDir.resolve("export");
    if (!Files.isDirectory(dir)) {
      return;
    }
    for (Path file : files.list(dir)) {
      List<String> lines =
          Files.isRegularFile(file) ? files.text(file).lines().toList() : List.of();
      if (lines.size() > 1 && lines.getFirst().equals(HEADING) && lines.get(1).startsWith(TO)) {
        new ExportState(file, lines.get(1).substring(TO.length()), files).save(0);
      } else {
        Files.delete(file);
      }
    }
  }

  private void parse(Iterable<String> lines) throws IOException {
    int number = 0;
    try {
      for (String line : lines) {
        switch (number++) {
          case 0 -> found = line.equals(HEADING);
          case 1 -> found &= line.equals(TO + target);
          case 2 -> length = Long.parseLong(line.substring("length ".length()));
          default -> {
            int blank = line.lastIndexOf(' ');
            String name = line.substring(0, blank);
            String[] numbers = line.substring(blank + 1).split("\\+", 2);
            offsets.put(name, Long.parseLong(numbers[0]));
            if (numbers.length > 1) {
              takenBehind.put(name, Long.parseLong(numbers[1]));
            }
          }
        }
      }
    } catch (RuntimeException e) {
      found = false;
    }
    if (!found) {
      throw new IOException(file + " is damaged; delete it to copy all pages once more");
    }
  }

  /** Whether anything was copied to this target before. */
  boolean found() {
    return found;
  }

  /** The target's length at the last save, in bytes. */
  long length() {
    return length;
  }

  /** How many bytes of an output file were copied. */
  long copied(String name) {
    return offsets.getOrDefault(name, 0L);
  }

  /** Records that an output file was copied up to {@code offset}. */
  void copied(String name, long offset) {
    offsets.put(name, offset);
    takenBehind.remove(name);
  }

  /**
   * Number of uncompressed bytes that the target already has of the member at {@link
   * #copied(String)}.
   */
  long takenBehind(String name) {
    return takenBehind.getOrDefault(name, 0L);
  }

  /**
   * Records that the target failed within a member, and how many of its uncompressed bytes, in
   * whole lines, the target has.
   */
  void takenBehind(String name, long bytes) {
    offsets.putIfAbsent(name, 0L);
    takenBehind.put(name, bytes);
  }

  /** Clears the state, so that the target is written from the first page on. */
  void reset() {
    offsets.clear();
    takenBehind.clear();
    length = 0;
  }

  /** Saves the state durably, with the target's length. */
  void save(long newLength) throws IOException {
    length = newLength;
    StringBuilder text = new StringBuilder(HEADING + "\n" + TO + target + "\nlength " + length);
    offsets.forEach(
        (name, offset) -> {
          text.append('\n').append(name).append(' ').append(offset);
          long taken = takenBehind(name);
          text.append(taken == 0 ? "" : "+" + taken);
        });
    Files.createDirectories(file.getParent());
    files.replaceDurably(
        file, ".tmp", text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }
}
