package io.sluice.frontier.crawllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.members.GzipMember;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.journal.Directories;
import io.sluice.frontier.journal.Disk;
import io.sluice.frontier.queue.QueuedUrl;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's crawl log, {@code output/crawl/shard-<nn>.jsonl.gz}: gzip members of JSON lines. A line
 * is certain once {@link #sync} has returned. After a crash, the length that {@code sync} last
 * returned is passed to {@link #open}, which cuts everything after it; the lines cut off are
 * written again. Confined to its shard's thread.
 */
public final class CrawlLog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CrawlLog.class);

  /** The owner of open crawl logs in the ledger. */
  static final String OWNER = "frontier.crawl-log";

  /** A member ends after the line that makes it this long, before compression. */
  private static final int MEMBER_BYTES = 256 << 10;

  private static final JsonFactory JSON = new JsonFactory();

  private final Disk disk;
  private final OwnedFile owned;
  private final FileChannel channel;
  private final int compressionLevel;
  private @Nullable GzipMember member;
  private @Nullable JsonGenerator json;

  private CrawlLog(Disk disk, OwnedFile owned, int compressionLevel) {
    this.disk = disk;
    this.owned = owned;
    this.channel = owned.channel();
    this.compressionLevel = compressionLevel;
  }

  /**
   * Opens a log and cuts it to its certain length. If the file was removed, a new one is created.
   *
   * @throws DamagedFileException if the log is shorter than its certain length
   */
  public static CrawlLog open(
      Disk disk,
      Path directory,
      String name,
      long certainLength,
      int compressionLevel,
      Ledger ledger)
      throws IOException {
    Path file = directory.resolve(name);
    boolean present = Files.exists(file);
    OwnedFile owned =
        OwnedFile.open(
            ledger.enter(ResourceKind.OUTPUT, OWNER, file),
            () -> present ? disk.open(file) : disk.create(file));
    FileChannel channel = owned.channel();
    try {
      // Needed for an existing file, too: the process that created it may have crashed before its
      // directory entry was durable.
      Directories.sync(disk, directory, ledger);
      if (present) {
        cut(channel, file, certainLength);
      } else if (certainLength > 0) {
        log.warn("{} was removed: the crawl log continues in a new file", file);
      }
      if (channel.position() == 0) {
        // An empty member, so that a log without a line is a gzip file, too.
        new GzipMember(new LogStream(disk, channel), compressionLevel).close();
      }
      return new CrawlLog(disk, owned, compressionLevel);
    } catch (IOException | RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  private static void cut(FileChannel channel, Path file, long length) throws IOException {
    if (channel.size() < length) {
      throw new DamagedFileException(
          file, channel.size(), "it was " + length + " bytes long; restore it or remove it");
    }
    channel.truncate(length);
    channel.position(length);
  }

  /** Writes the line of a URL that ended. */
  public void write(QueuedUrl url, UrlEnd end) throws IOException {
    CrawlLine.write(json(), url, end);
    endLongMember();
  }

  /** Writes the line of a host that was given up. */
  public void writeGivenUp(String host, String reason, long urls, Instant at) throws IOException {
    CrawlLine.writeGivenUp(json(), host, reason, urls, at);
    endLongMember();
  }

  /** Writes the line of a host that is left alone for longer than its delay. */
  public void writeLeftAlone(String host, String reason, Instant at, Instant until)
      throws IOException {
    CrawlLine.writeLeftAlone(json(), host, reason, at, until);
    endLongMember();
  }

  /** Writes the line of a request that did not give a URL its final status. */
  public void writeAsked(String host, Instant at, long millis) throws IOException {
    CrawlLine.writeAsked(json(), host, at, millis);
    endLongMember();
  }

  private JsonGenerator json() throws IOException {
    JsonGenerator open = json;
    if (open == null) {
      owned.verify(channel.position());
      GzipMember begun = new GzipMember(new LogStream(disk, channel), compressionLevel);
      member = begun;
      open = JSON.createGenerator(begun).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      open.setRootValueSeparator(null);
      json = open;
    }
    return open;
  }

  private void endLongMember() throws IOException {
    if (member != null && member.length() >= MEMBER_BYTES) {
      endMember();
    }
  }

  /**
   * Ends the member and makes all lines durable.
   *
   * @return the file's length, all of it certain
   */
  public long sync() throws IOException {
    endMember();
    disk.sync(channel);
    owned.verify(channel.position());
    return channel.position();
  }

  /** Closes the file; lines since the last {@link #sync} are not certain. */
  @Override
  public void close() throws IOException {
    try (owned) {
      if (member != null) {
        member.abandon();
      }
    }
  }

  private void endMember() throws IOException {
    if (member != null && json != null) {
      json.close();
      member.close();
      json = null;
      member = null;
    }
  }
}
