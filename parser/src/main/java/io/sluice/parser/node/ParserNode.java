package io.sluice.parser.node;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.resource.BriefFiles;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.stream.Membership;
import io.sluice.core.stream.PartitionKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parsers of one crawl directory on one machine, as other processes know them. They share a
 * name, by default the host's and six digits that are stored in {@code crawl.dir/parser}. They work
 * for one crawl: that of the directory's frontier or, if the frontier is elsewhere, the crawl of
 * their first commit, which is stored there too.
 *
 * <p>Thread-safe: mutable state is in files, which are written under this object's lock.
 */
public final class ParserNode {

  /** One fetcher process owns all shards for now, so there is one partition. */
  private static final int PARTITION = 0;

  private static final int MAX_BYTES = 4096;

  private final PartitionKeys keys;
  private final Path crawlDir;
  private final BriefFiles files;
  private final Supplier<@Nullable CrawlIdentity> frontier;
  private final String name;
  private final String holder;

  /** The crawl, once it is known: a directory does not change its crawl while its parsers run. */
  private volatile @Nullable CrawlIdentity known;

  private ParserNode(
      PartitionKeys keys,
      Path crawlDir,
      BriefFiles files,
      Supplier<@Nullable CrawlIdentity> frontier,
      String name,
      String holder) {
    this.keys = keys;
    this.crawlDir = crawlDir;
    this.files = files;
    this.frontier = frontier;
    this.name = name;
    this.holder = holder;
  }

  /**
   * Opens the node of a crawl directory, and creates missing files.
   *
   * @param frontier the identity of the frontier in the directory, read at each call; null if there
   *     is none
   * @param ledger where files are entered while they are open; borrowed
   * @throws IOException if the directory cannot be used
   */
  public static ParserNode of(
      SluiceConfig config, Supplier<@Nullable CrawlIdentity> frontier, Ledger ledger)
      throws IOException {
    Path crawlDir = config.crawl().dir();
    BriefFiles files = new BriefFiles(ledger, ResourceKind.OUTPUT, "parser.node");
    Path directory = crawlDir.resolve("parser");
    Files.createDirectories(directory);
    String named = config.parser().node();
    NodeName names = new NodeName(directory, files);
    return new ParserNode(
        new PartitionKeys(config.crawl().name(), PARTITION),
        crawlDir,
        files,
        frontier,
        named == null ? names.ofHost() : named,
        names.holder());
  }

  /** The node's name, unique among the crawl's living parsers. */
  public String name() {
    return name;
  }

  /** The name of its processes' connections in Redis. */
  public String clientName() {
    return Membership.clientName(keys.crawl(), name, holder);
  }

  /** The membership that entitles its processes to the partition's pages. */
  public Membership membership() {
    return new Membership(keys, crawlDir, this::crawl, name, holder);
  }

  /** The partition that it works for. */
  public PartitionKeys keys() {
    return keys;
  }

  /** The crawl that the directory belongs to; null while it belongs to none. */
  @Nullable CrawlIdentity crawl() {
    CrawlIdentity found = known;
    if (found == null) {
      CrawlIdentity kept = kept();
      found = kept == null ? frontier.get() : kept;
      known = found;
    }
    return found;
  }

  /**
   * Binds the directory to a crawl, durably, unless it is already bound. Must be called before the
   * crawl's first commit.
   */
  public synchronized void bind(CrawlIdentity to) throws IOException {
    if (crawl() == null) {
      files.replaceDurably(file(), ".tmp", (to.hex() + "\n").getBytes(StandardCharsets.US_ASCII));
    }
  }

  private @Nullable CrawlIdentity kept() {
    try {
      byte[] bytes = files.read(file(), MAX_BYTES);
      String text = new String(bytes, StandardCharsets.US_ASCII).strip();
      CrawlIdentity identity = CrawlIdentity.parse(text);
      if (identity == null) {
        throw new IOException(file() + ": is damaged; restore it, or name another crawl.dir");
      }
      return identity;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file() {
    return crawlDir.resolve("parser").resolve("identity");
  }
}
