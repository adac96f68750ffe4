package io.sluice.frontier.crawllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.core.lease.UrlEnd;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard's crawl log, {@code output/crawl/shard-<nn>.jsonl.gz}: gzip members of JSON lines. A line
 * is certain once {@link #sync} has returned; whoever keeps the length that it returned passes it
 * to {@link #open} after a crash, which cuts what came later, and writes those lines again.
 * Confined to its shard's thread.
 */
public final class CrawlLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CrawlLog.class);

  /** Who has a crawl log open, as the ledger has it. */
  static final String OWNER = "frontier.crawl-log";

  /** A member is ended behind the line that makes it this long, before compression. */
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
   * Opens a log and cuts it to its certain length. A log that somebody took away is begun anew.
   *
   * @throws DamagedFileException if the log is shorter than that
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
      // In any case: whoever made the file may have died before its name was durable.
      Directories.sync(disk, directory, ledger);
      if (present) {
        cut(channel, file, certainLength);
      } else if (certainLength > 0) {
        LOG.warn("{} was taken away: the crawl log goes on in a new file", file);
      }
      if (channel.position() == 0) {
        // An empty member, so that a log without a line is a gzip file too.
        new GzipMember(disk, channel, compressionLevel).close();
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
          file, channel.size(), "it was " + length + " bytes long; put it back or take it away");
    }
    channel.truncate(length);
    channel.position(length);
  }

  /** Writes a line. */
  public void write(QueuedUrl url, UrlEnd end) throws IOException {
    if (member == null || json == null) {
      member = new GzipMember(disk, channel, compressionLevel);
      json = JSON.createGenerator(member).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setRootValueSeparator(null);
    }
    CrawlLine.write(json, url, end);
    if (member.length() >= MEMBER_BYTES) {
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
