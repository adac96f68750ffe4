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
 * Hands out the slots of a crawl directory. A process has one of these: where it holds a lock it
 * must not open the lock's file again, since closing any channel on it would drop the lock.
 * Thread-safe: its methods exclude each other.
 */
public final class Slots {

  private static final String LOCK = "lock";
  private static final Pattern NAME = Pattern.compile("p\\d+-\\d+");

  private final OutputDirs dirs;
  private final int partition;
  private final Ledger ledger;
  private final Set<String> ours = new HashSet<>();

  /** Opens the directories, making those that are missing. */
  public Slots(OutputDirs dirs, int partition, Ledger ledger) throws IOException {
    this.dirs = dirs;
    this.partition = partition;
    this.ledger = ledger;
    dirs.create();
  }

  /** The slot with the lowest number that nobody holds. */
  public synchronized Slot claim() throws IOException {
    for (int number = 0; ; number++) {
      Slot slot = tryLock("p" + partition + "-" + number);
      if (slot != null) {
        return slot;
      }
    }
  }

  /** Claims every slot that exists and that nobody holds. The caller closes them. */
  public synchronized List<Slot> claimAbandoned() throws IOException {
    List<String> names =
        dirs.files().list(dirs.slots()).stream()
            .map(entry -> String.valueOf(entry.getFileName()))
            .filter(name -> NAME.matcher(name).matches())
            .filter(name -> name.startsWith("p" + partition + "-"))
            .sorted()
            .toList();
    List<Slot> claimed = new ArrayList<>();
    boolean all = false;
    try {
      for (String name : names) {
        Slot slot = tryLock(name);
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

  /** Lets a slot go, for this process too. */
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
