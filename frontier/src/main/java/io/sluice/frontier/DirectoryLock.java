package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
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
  private final FileChannel channel;
  private final Ledger.Entry entry;

  private DirectoryLock(Path directory, FileChannel channel, Ledger.Entry entry) {
    this.directory = directory;
    this.channel = channel;
    this.entry = entry;
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
  static @Nullable String holder(Path directory) throws IOException {
    Path file = directory.resolve("lock");
    if (!Files.exists(file) || Files.readString(file).isBlank()) {
      return null;
    }
    if (HELD.contains(directory.toRealPath())) {
      return self().strip();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return shared == null ? owner(file) : null;
    }
  }

  private static DirectoryLock lock(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve("lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new FrontierInUseException(directory + ": in use by " + owner(file));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)));
      return new DirectoryLock(
          directory, channel, ledger.enter(ResourceKind.FRONTIER, "frontier.lock"));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String self() {
    ProcessHandle self = ProcessHandle.current();
    Instant started = self.info().startInstant().orElseGet(Instant::now);
    return "process " + self.pid() + ", started " + started + "\n";
  }

  private static String owner(Path file) throws IOException {
    String owner = Files.readString(file).strip();
    return owner.isEmpty() ? "another process" : owner;
  }

  /** Releases the lock. */
  @Override
  public void close() throws IOException {
    try (entry;
        channel) {
      channel.truncate(0);
    } finally {
      HELD.remove(directory);
    }
  }
}
