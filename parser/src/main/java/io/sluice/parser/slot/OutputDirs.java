package io.sluice.parser.slot;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The output directories of a crawl. Immutable.
 *
 * @param root {@code output} in the crawl directory
 * @param files lists and syncs directories, and enters open files in the ledger
 */
public record OutputDirs(Path root, BriefFiles files) {

  private static final String PROBE = ".probe";
  private static final int MAX_SERIAL_BYTES = 64;

  /**
   * The output directories below a crawl directory.
   *
   * @param ledger where open files are entered; borrowed
   */
  public static OutputDirs of(Path crawlDir, Ledger ledger) {
    return new OutputDirs(
        crawlDir.resolve("output"), new BriefFiles(ledger, ResourceKind.OUTPUT, "parser.output"));
  }

  /** The directory that holds the slots. */
  Path slots() {
    return root.resolve("slots");
  }

  /** The directory of a kind's sealed files. */
  public Path sealed(SinkKind kind) {
    return root.resolve(kind.word());
  }

  /** Creates missing directories, durably. */
  void create() throws IOException {
    Files.createDirectories(slots());
    for (SinkKind kind : SinkKind.values()) {
      Files.createDirectories(sealed(kind));
    }
    files.sync(root);
  }

  /**
   * Checks that the directories of sealed files exist, with one system call each.
   *
   * @throws IOException if one does not; one line for the operator
   */
  void verify() throws IOException {
    for (SinkKind kind : SinkKind.values()) {
      if (!Files.isDirectory(sealed(kind))) {
        throw new IOException(sealed(kind) + " is gone: it was deleted or moved while in use");
      }
    }
  }

  /**
   * Tests, with an empty file, whether a slot's files can be sealed, that is, renamed atomically.
   *
   * @throws IOException if they cannot, for instance across file systems; one line for the operator
   */
  void tryRenames(Path slotDir, String slot) throws IOException {
    Path probe = slotDir.resolve(PROBE);
    for (SinkKind kind : SinkKind.values()) {
      Path target = sealed(kind).resolve("." + slot + PROBE);
      Files.deleteIfExists(probe); // left by a killed process
      Files.createFile(probe);
      try {
        Files.move(probe, target, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(target);
      } catch (AtomicMoveNotSupportedException e) {
        Files.deleteIfExists(probe);
        throw new IOException(
            "%s: a file cannot be renamed from %s into it in one step; keep all of %s on one file system"
                .formatted(sealed(kind), slotDir, root),
            e);
      }
    }
  }

  /**
   * Moves a slot's complete files to the directories of sealed files, durably on both sides. The
   * files must be synced.
   */
  void seal(Path slotDir, Collection<OutputFile> complete) throws IOException {
    Set<Path> changed = new LinkedHashSet<>();
    for (OutputFile file : complete) {
      Path target = sealed(file.kind());
      Files.move(
          slotDir.resolve(file.partName()),
          target.resolve(file.name()),
          StandardCopyOption.ATOMIC_MOVE);
      changed.add(target);
    }
    for (Path directory : changed) {
      files.sync(directory);
    }
    files.sync(slotDir);
  }

  /**
   * A slot's last serial: the stored one or, if that is missing, the highest among its files,
   * sealed or not; 0 if there are none.
   */
  long lastSerial(String slot) throws IOException {
    try {
      byte[] kept = files.read(serialFile(slot), MAX_SERIAL_BYTES);
      return Long.parseLong(new String(kept, StandardCharsets.US_ASCII).strip());
    } catch (NoSuchFileException | NumberFormatException e) {
      return highestSerial(slot);
    }
  }

  /** Stores a slot's last serial durably, before any file carries it. */
  void keepSerial(String slot, long serial) throws IOException {
    byte[] text = (serial + "\n").getBytes(StandardCharsets.US_ASCII);
    files.replaceDurably(serialFile(slot), ".tmp", text);
  }

  private Path serialFile(String slot) {
    return slots().resolve(slot).resolve("serial");
  }

  private long highestSerial(String slot) throws IOException {
    long last = 0;
    List<Path> directories = new ArrayList<>(List.of(slots().resolve(slot)));
    for (SinkKind kind : SinkKind.values()) {
      directories.add(sealed(kind));
    }
    for (Path directory : directories) {
      for (OutputFile file : filesIn(directory)) {
        last = file.slot().equals(slot) ? Math.max(last, file.serial()) : last;
      }
    }
    return last;
  }

  /** The output files in a directory, parts and sealed ones. */
  List<OutputFile> filesIn(Path directory) throws IOException {
    List<OutputFile> found = new ArrayList<>();
    for (Path entry : files.list(directory).stream().sorted().toList()) {
      OutputFile file = OutputFile.parse(String.valueOf(entry.getFileName()));
      if (file != null) {
        found.add(file);
      }
    }
    return found;
  }
}
