package io.sluice.launcher.supervise;

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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A claim on a crawl directory, of a supervisor, a lone fetcher or a tool that changes it: a locked
 * file that holds the owner's pid. The lock goes with its process however that ends, so a file
 * without a lock is a leftover and is taken over. Confined to its owner's thread.
 */
public final class CrawlLock implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CrawlLock.class);

  private final OwnedFile owned;

  private CrawlLock(OwnedFile owned) {
    this.owned = owned;
  }

  /**
   * Claims a crawl directory that was prepared.
   *
   * @throws CannotStart when a living process holds it; names its pid
   * @throws IOException when the file cannot be made or written
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
        String owner = files.enteredIn(ledger).brief().text(file).strip();
        throw new CannotStart(
            "crawl.dir=%s: in use by process %s; stop that one or name another directory"
                .formatted(files.dir(), owner.isEmpty() ? "unknown" : owner));
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
   * Claims a crawl directory for a tool.
   *
   * @throws CannotStart when a living process holds it; names its pid
   * @throws IOException when the file cannot be made or written
   */
  public static CrawlLock take(CrawlFiles files) throws CannotStart, IOException {
    files.prepare();
    return take(files, new ResourceLedger());
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process.
    }
  }

  /** Gives the directory up; the file stays, empty, for a name that is locked must not change. */
  @Override
  public void close() {
    try (owned) {
      owned.channel().truncate(0);
    } catch (IOException e) {
      log.warn("the crawl's lock could not be closed", e);
    }
  }
}
