package io.sluice.parser.slot;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.parser.sink.SinkKind;
import java.io.IOException;
import java.nio.file.Files;
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
 * @param files who lists and syncs directories, and enters what is open meanwhile in the ledger
 */
public record OutputDirs(Path root, BriefFiles files) {

  /**
   * The output directories below a crawl directory.
   *
   * @param ledger where what is open of them is entered; borrowed
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

  /** Makes all directories that are missing, durably. */
  void create() throws IOException {
    Files.createDirectories(slots());
    for (SinkKind kind : SinkKind.values()) {
      Files.createDirectories(sealed(kind));
    }
    files.sync(root);
  }

  /**
   * Renames complete files of a slot to where sealed files are, and makes that durable in both
   * directories. The files must be synced.
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

  /** The highest sequence among a slot's files, sealed or not; 0 where there is none. */
  long lastSequence(String slot) throws IOException {
    long last = 0;
    List<Path> directories = new ArrayList<>(List.of(slots().resolve(slot)));
    for (SinkKind kind : SinkKind.values()) {
      directories.add(sealed(kind));
    }
    for (Path directory : directories) {
      for (OutputFile file : filesIn(directory)) {
        last = file.slot().equals(slot) ? Math.max(last, file.sequence()) : last;
      }
    }
    return last;
  }

  /** The output files of a directory, whether they are parts or sealed. */
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
