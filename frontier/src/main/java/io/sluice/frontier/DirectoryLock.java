package io.sluice.frontier;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.journal.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The frontier directory's lock: the kernel's lock on the file {@code lock}, which goes with the
 * process however it ends, so no lock is ever stale. The file says who holds it. Thread-safe:
 * immutable.
 */
final class DirectoryLock implements AutoCloseable {

  /**
   * The directories that this process holds. The kernel's lock belongs to the process, not to a
   * channel: closing any other channel on the file would release it (POSIX, fcntl). So the file of
   * a held lock must not be opened again here, and like the lock this is one for the process.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final OwnedFile owned;

  private DirectoryLock(Path directory, OwnedFile owned) {
    this.directory = directory;
    this.owned = owned;
  }

  /**
   * Takes the lock at once.
   *
   * @throws FrontierInUseException if another process has it, or this one
   */
  static DirectoryLock take(Path directory, Ledger ledger) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new FrontierInUseException(directory + ": in use by " + self().strip());
    }
    try {
      return lock(real, ledger);
    } catch (IOException | RuntimeException e) {
      HELD.remove(real);
      throw e;
    }
  }

  /**
   * Who holds the lock, as {@link #take} would say it; null if nobody does. The lock's file is not
   * written to, and not even tried unless its text names somebody.
   */
  static @Nullable String holder(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve("lock");
    BriefFiles files = Directories.brief(ledger);
    if (!Files.exists(file) || files.text(file).isBlank()) {
      return null;
    }
    if (HELD.contains(directory.toRealPath())) {
      return self().strip();
    }
    try (Ledger.Entry _ = files.enter(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return shared == null ? owner(file, files) : null;
    }
  }

  private static DirectoryLock lock(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve("lock");
    OwnedFile owned =
        OwnedFile.open(
            ledger.enter(ResourceKind.FRONTIER, "frontier.lock", file),
            () -> FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    FileChannel channel = owned.channel();
    try {
      if (channel.tryLock() == null) {
        String owner = owner(file, Directories.brief(ledger));
        throw new FrontierInUseException(directory + ": in use by " + owner);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)));
      return new DirectoryLock(directory, owned);
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static String self() {
    ProcessHandle self = ProcessHandle.current();
    Instant started = self.info().startInstant().orElseGet(Instant::now);
    return "process " + self.pid() + ", started " + started + "\n";
  }

  private static String owner(Path file, BriefFiles files) throws IOException {
    String owner = files.text(file).strip();
    return owner.isEmpty() ? "another process" : owner;
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    try (owned) {
      owned.channel().truncate(0);
    } finally {
      HELD.remove(directory);
    }
  }
}
