package io.sluice.parser.slot;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the slots of a crawl directory. There is one per process: while the process holds a
 * lock, it must not open the lock's file again, since closing any channel to it would drop the
 * lock. Thread-safe: its methods exclude each other.
 */
public final class Slots {

  private static final String LOCK = "lock";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*-\\d+");

  private final OutputDirs dirs;
  private final String node;
  private final Ledger ledger;
  private final Set<String> ours = new HashSet<>();

  /**
   * Opens the directories and creates missing ones.
   *
   * @param node the node whose slots are handed out
   * @throws IOException if they cannot be used, or hold unfinished files of an older version
   */
  public Slots(OutputDirs dirs, String node, Ledger ledger) throws IOException {
    this.dirs = dirs;
    this.node = node;
    this.ledger = ledger;
    dirs.create();
    refuseOlderParts();
  }

  /** Refuses parts of older versions, whose committed lengths Redis records under another name. */
  private void refuseOlderParts() throws IOException {
    for (String name : names()) {
      Path directory = dirs.slots().resolve(name);
      for (Path file : dirs.files().list(directory)) {
        String part = String.valueOf(file.getFileName());
        if (OutputFile.isPart(part) && OutputFile.parse(part) == null) {
          throw new IOException(
              file
                  + ": an older Sluice began this file and did not seal it; run and stop the crawl"
                  + " with that version once more");
        }
      }
    }
  }

  /** The slots that hold files, locked or not. */
  public List<String> withFiles() throws IOException {
    List<String> found = new ArrayList<>();
    for (String name : names()) {
      if (!dirs.filesIn(dirs.slots().resolve(name)).isEmpty()) {
        found.add(name);
      }
    }
    return found;
  }

  private List<String> names() throws IOException {
    return dirs.files().list(dirs.slots()).stream()
        .map(entry -> String.valueOf(entry.getFileName()))
        .filter(name -> NAME.matcher(name).matches())
        .sorted()
        .toList();
  }

  /**
   * Claims the free slot with the lowest number.
   *
   * @throws IOException also if its files could not be sealed; one line for the operator
   */
  public synchronized Slot claim() throws IOException {
    for (int number = 0; ; number++) {
      Slot slot = tryLock(node + "-" + number);
      if (slot != null) {
        tryRenames(slot);
        return slot;
      }
    }
  }

  private void tryRenames(Slot slot) throws IOException {
    try {
      dirs.tryRenames(slot.directory(), slot.name());
    } catch (IOException | RuntimeException e) {
      release(slot);
      throw e;
    }
  }

  /**
   * Claims every slot that holds files and is not locked. The caller closes them.
   *
   * @param living nodes whose parsers are alive, perhaps on machines whose locks are invisible
   *     here; their slots are left alone, except those of this node
   */
  public synchronized List<Slot> claimAbandoned(Set<String> living) throws IOException {
    List<Slot> claimed = new ArrayList<>();
    boolean all = false;
    try {
      for (String name : withFiles()) {
        String of = name.substring(0, name.lastIndexOf('-'));
        Slot slot = !of.equals(node) && living.contains(of) ? null : tryLock(name);
        if (slot != null) {
          claimed.add(slot);
        }
      }
      all = true;
      return claimed;
    } finally {
      if (!all) {
        for (Slot slot : claimed) {
          release(slot);
        }
      }
    }
  }

  /** Releases a slot, so that this process can claim it again, too. */
  public synchronized void release(Slot slot) throws IOException {
    slot.close();
    ours.remove(slot.name());
  }

  private @Nullable Slot tryLock(String name) throws IOException {
    if (ours.contains(name)) {
      return null;
    }
    Path directory = dirs.slots().resolve(name);
    Files.createDirectories(directory);
    Path file = directory.resolve(LOCK);
    OwnedFile opened =
        OwnedFile.open(
            ledger.enter(ResourceKind.OUTPUT, "parser.slot", file),
            () -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    try {
      FileLock lock = opened.channel().tryLock();
      if (lock == null) {
        opened.close();
        return null;
      }
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
    ours.add(name);
    return new Slot(name, directory, opened);
  }
}
