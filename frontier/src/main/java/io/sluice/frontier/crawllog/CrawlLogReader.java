package io.sluice.frontier.crawllog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedFile;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.queue.QueuedUrl;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a crawl log's certain part line by line; one line is in memory at a time. Confined to one
 * thread.
 */
public final class CrawlLogReader implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 << 10;
  private static final JsonFactory JSON = new JsonFactory();

  /** A line. */
  public sealed interface Line {}

  /** A URL and how it ended; a line contains only the tag of its labels. */
  public record Entry(QueuedUrl url, UrlEnd end) implements Line {}

  /**
   * An event of a host.
   *
   * @param outcome {@code given-up}, {@code left-alone} or {@code asked}
   * @param reason empty if there is none
   * @param at when it happened, or when the request ended
   * @param fetchMillis how long the request took
   * @param until the end of the host's pause; null if there is none
   */
  public record HostLine(
      String host,
      String outcome,
      String reason,
      Instant at,
      long fetchMillis,
      @Nullable Instant until)
      implements Line {}

  private final Path file;
  private final OwnedFile owned;
  private final JsonParser json;

  private CrawlLogReader(Path file, OwnedFile owned, JsonParser json) {
    this.file = file;
    this.owned = owned;
    this.json = json;
  }

  /** The path of a shard's log in the directory of the crawl logs. */
  public static Path file(Path directory, int shard) {
    return directory.resolve("shard-%02d.jsonl.gz".formatted(shard));
  }

  /**
   * Opens a log.
   *
   * @param certainLength maximum length that is read
   * @throws IOException if the log cannot be opened or its beginning is damaged; the message names
   *     the log
   */
  public static CrawlLogReader open(Path file, long certainLength, Ledger ledger)
      throws IOException {
    OwnedFile owned =
        OwnedFile.open(
            ledger.enter(ResourceKind.OUTPUT, CrawlLog.OWNER, file),
            () -> FileChannel.open(file, StandardOpenOption.READ));
    FileChannel channel = owned.channel();
    try {
      long end = Math.min(certainLength, channel.size());
      InputStream certain = new Certain(Channels.newInputStream(channel), end);
      InputStream whole = end == 0 ? certain : new GZIPInputStream(certain, BUFFER_BYTES);
      return new CrawlLogReader(file, owned, JSON.createParser(whole));
    } catch (IOException e) { // the first bytes have already been read
      owned.close();
      throw unreadable(file, e);
    } catch (RuntimeException e) {
      owned.close();
      throw e;
    }
  }

  /**
   * The next line of a URL; null after the last. Lines of hosts are skipped.
   *
   * @throws IOException if the log is damaged; the message names it
   */
  public @Nullable Entry next() throws IOException {
    for (Line line = nextLine(); line != null; line = nextLine()) {
      if (line instanceof Entry entry) {
        return entry;
      }
    }
    return null;
  }

  /**
   * The next line; null after the last.
   *
   * @throws IOException if the log is damaged; the message names it
   */
  public @Nullable Line nextLine() throws IOException {
    try {
      JsonToken token = json.nextToken();
      if (token != null && token != JsonToken.START_OBJECT) {
        throw new IOException("a line does not begin with {");
      }
      return token == null ? null : read();
    } catch (IOException | DateTimeException e) {
      throw unreadable(file, e);
    }
  }

  private static IOException unreadable(Path file, Exception e) {
    return new IOException(file + ": cannot be read: " + e.getMessage(), e);
  }

  private Line read() throws IOException {
    String url = "";
    String host = "";
    Instant until = null;
    String outcome = "";
    String reason = "";
    int status = 0;
    int attempts = 0;
    int depth = 0;
    String tag = null;
    String via = null;
    List<String> redirects = new ArrayList<>();
    String ip = null;
    Instant at = Instant.EPOCH;
    long fetchMillis = 0;
    long bytes = 0;
    String target = null;
    String targetRefused = null;
    for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
      json.nextToken();
      switch (key) {
        case "url" -> url = json.getText();
        case "host" -> host = json.getText();
        case "until" -> until = Instant.parse(json.getText());
        case "outcome" -> outcome = json.getText();
        case "reason" -> reason = json.getText();
        case "status" -> status = json.getIntValue();
        case "attempts" -> attempts = json.getIntValue();
        case "depth" -> depth = json.getIntValue();
        case "tag" -> tag = tag(json.getText());
        case "via" -> via = json.getText();
        case "redirects" -> readStrings(redirects);
        case "ip" -> ip = json.getText();
        case "at" -> at = Instant.parse(json.getText());
        case "fetch_millis" -> fetchMillis = json.getLongValue();
        case "bytes" -> bytes = json.getLongValue();
        case "target" -> target = json.getText();
        case "target_refused" -> targetRefused = json.getText();
        default -> json.skipChildren();
      }
    }
    if (url.isEmpty()) {
      return new HostLine(host, outcome, reason, at, fetchMillis, until);
    }
    return new Entry(
        new QueuedUrl(url, depth, via, redirects, new Labels(Priority.NORMAL, tag), attempts),
        new UrlEnd(
            ending(outcome),
            reason,
            status,
            ip,
            at,
            fetchMillis,
            bytes,
            target == null ? null : new UrlEnd.Target(target, targetRefused)));
  }

  private void readStrings(List<String> into) throws IOException {
    while (json.nextToken() == JsonToken.VALUE_STRING) {
      into.add(json.getText());
    }
  }

  private static String tag(String text) throws IOException {
    if (!Labels.isTag(text)) {
      throw new IOException("tag is not valid");
    }
    return text;
  }

  private static Ending ending(String word) throws IOException {
    Ending ending = Ending.ofWord(word);
    if (ending == null) {
      throw new IOException("outcome is not a known word");
    }
    return ending;
  }

  @Override
  public void close() throws IOException {
    try (owned) {
      json.close();
    }
  }

  /**
   * The certain part of a file; {@code available} reports how many of its bytes are left, as the
   * gzip reader requires.
   */
  private static final class Certain extends InputStream {

    private final InputStream in;
    private long left;

    Certain(InputStream in, long length) {
      this.in = new BufferedInputStream(in, BUFFER_BYTES);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      int read = left == 0 ? -1 : in.read();
      left -= read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] into, int from, int count) throws IOException {
      int read = left == 0 ? -1 : in.read(into, from, (int) Math.min(count, left));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public int available() {
      return (int) Math.min(left, Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
