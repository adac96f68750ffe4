package io.sluice.launcher.supervise;

import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock on a crawl directory, held by a supervisor, a standalone fetcher or a tool that changes
 * the crawl: a locked file with the owner's pid. The system releases the lock when its process
 * ends, so an unlocked file is a leftover and may be locked again. Confined to its owner's thread.
 */
public final class CrawlLock implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CrawlLock.class);

  private final OwnedFile owned;

  private CrawlLock(OwnedFile owned) {
    this.owned = owned;
  }

  /**
   * Locks a prepared crawl directory.
   *
   * @throws CannotStart if a live process holds it; names its pid
   * @throws IOException if the file cannot be created or written
   */
  public static CrawlLock take(CrawlFiles files, Ledger ledger) throws CannotStart, IOException {
    Path file = files.lock();
    OwnedFile owned =
        OwnedFile.open(
            ledger.enter(ResourceKind.OTHER, "launcher.lock", file),
            () ->
                FileChannel.open(
                    file,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE));
    FileChannel channel = owned.channel();
    try {
      if (tryLock(channel) == null) {
        throw new CannotStart(inUse(files, files.enteredIn(ledger).brief()));
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      return new CrawlLock(owned);
    } catch (CannotStart | IOException e) {
      owned.close();
      throw e;
    }
  }

  /**
   * Locks a crawl directory for a tool.
   *
   * @throws CannotStart if a live process holds it; names its pid
   * @throws IOException if the file cannot be created or written
   */
  public static CrawlLock take(CrawlFiles files) throws CannotStart, IOException {
    files.prepare();
    return take(files, new ResourceLedger());
  }

  /**
   * Returns the line with which {@link #take} would refuse a crawl directory; empty if it would
   * succeed. Does not create or write anything.
   *
   * @throws IOException if the file exists and cannot be read
   */
  public static Optional<String> holder(CrawlFiles files) throws IOException {
    if (!Files.exists(files.lock())) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(files.lock(), StandardOpenOption.READ);
        FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return free == null ? Optional.of(inUse(files, files.brief())) : Optional.empty();
    } catch (OverlappingFileLockException e) {
      return Optional.of(inUse(files, files.brief()));
    }
  }

  private static String inUse(CrawlFiles files, BriefFiles brief) throws IOException {
    String owner = brief.text(files.lock()).strip();
    return "crawl.dir=%s: in use by process %s; stop that one or name another directory"
        .formatted(files.dir(), owner.isEmpty() ? "unknown" : owner);
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // the lock is held by this process
    }
  }

  /**
   * Releases the directory. Empties the file but does not delete it: otherwise two processes could
   * lock different files of the same name.
   */
  @Override
  public void close() {
    try (owned) {
      owned.channel().truncate(0);
    } catch (IOException e) {
      log.warn("the crawl's lock could not be closed", e);
    }
  }
}
