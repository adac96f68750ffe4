package io.sluice.frontier;

import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The frontier directory's lock: the kernel's lock on the file {@code lock}, which goes with the
 * process however it ends, so no lock is ever stale. The file says who holds it. Thread-safe:
 * immutable.
 */
final class DirectoryLock implements AutoCloseable {

  private final FileChannel channel;
  private final Ledger.Entry entry;

  private DirectoryLock(FileChannel channel, Ledger.Entry entry) {
    this.channel = channel;
    this.entry = entry;
  }

  /**
   * Takes the lock at once.
   *
   * @throws FrontierInUseException if another process has it, or this one
   */
  static DirectoryLock take(Path directory, Ledger ledger) throws IOException {
    Path file = directory.resolve("lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (tryLock(channel) == null) {
        throw new FrontierInUseException(directory + ": in use by " + owner(file));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)));
      return new DirectoryLock(channel, ledger.enter(ResourceKind.FRONTIER, "frontier.lock"));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
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
    }
  }
}
