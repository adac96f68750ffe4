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
 * The frontier directory's lock: a kernel lock on the file {@code lock}. The kernel releases it
 * when the process ends in any way, so no lock is ever stale. The file names its holder.
 * Thread-safe: immutable.
 */
final class DirectoryLock implements AutoCloseable {

  /**
   * The directories that this process has locked. The kernel's lock belongs to the process, not to
   * a channel: closing any other channel on the file would release it (POSIX, fcntl). So the file
   * of a held lock must not be opened again here, and this set is shared by the whole process, as
   * the lock is.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final OwnedFile owned;

  private DirectoryLock(Path directory, OwnedFile owned) {
    this.directory = directory;
    this.owned = owned;
  }

  /**
   * Takes the lock without waiting.
   *
   * @throws FrontierInUseException if another process or this one holds it
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
   * The holder of the lock, in the words of {@link #take}; null if it is free. Does not write to
   * the lock's file, and tries the lock only if the file names a holder.
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

  /**
   * Checks that the lock's file is still in its place; if it is not, another process could take the
   * lock.
   *
   * @throws IOException if it is not; the message is one line for the operator
   */
  void verify() throws IOException {
    owned.verify();
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
