package io.sluice.parser.worker;

import io.sluice.core.coding.BodyDecoder;
import io.sluice.core.coding.DecodedBody;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Validators;
import io.sluice.core.message.Page;
import io.sluice.parser.addition.AdditionReader;
import io.sluice.parser.addition.Additions;
import io.sluice.parser.decode.ContentType;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.RobotsPolicy;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.worker.DocumentReader.ReadDocument;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parses a page: decodes it, then extracts its content. If either fails, the result is a page
 * without content: one page never stops a worker. Owns native memory: close it. Confined to its
 * worker's thread.
 */
public final class PageParser implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PageParser.class);

  private final BodyDecoder decoder;
  private final DocumentReader reader;
  private final ExtractBounds bounds;
  private final MessageDigest sha256;
  private final boolean recrawls;

  /** Creates a parser with these bounds, for a crawl that does not revisit pages. */
  public PageParser(long maxInflatedBytes, ExtractBounds bounds) {
    this(maxInflatedBytes, bounds, AdditionReader.none(), false, () -> {});
  }

  /**
   * Creates a parser with these bounds.
   *
   * @param maxInflatedBytes maximum size of a decompressed body
   * @param additions reads the optional parts of a page
   * @param recrawls whether pages are revisited, so that their versions matter
   * @param treeFallbacks run for each HTML page that needs a tree
   */
  public PageParser(
      long maxInflatedBytes,
      ExtractBounds bounds,
      AdditionReader additions,
      boolean recrawls,
      Runnable treeFallbacks) {
    this.decoder = new BodyDecoder(maxInflatedBytes);
    this.reader = new DocumentReader(bounds, additions, treeFallbacks);
    this.bounds = bounds;
    this.recrawls = recrawls;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Parses a page; never throws because of its content. */
  public ParsedPage parse(Page page) {
    String digest = "sha256:" + HexFormat.of().formatHex(sha256.digest(page.body().bytes()));
    ContentType declared = ContentType.of(page.values("content-type"));
    try {
      return parse(page, declared, digest);
    } catch (RuntimeException | StackOverflowError e) {
      log.debug("{} cannot be parsed", page.url(), e);
      return new ParsedPage(
          page,
          declared.essence(),
          null,
          Extract.NOTHING,
          !bounds.forbidsArchive(page.headers()),
          Additions.NONE,
          digest,
          null,
          false,
          null,
          Reason.PARSE_FAILED);
    }
  }

  private ParsedPage parse(Page page, ContentType declared, String digest) {
    DecodedBody body = decoder.decode(page.body(), page.values("content-encoding"));
    ContentType type = declared.orSniffed(body);
    PageVersion version = recrawls ? version(page, body) : null;
    ReadDocument read = reader.read(page, type, body);
    RobotsPolicy robots = bounds.robots();
    boolean archivable = !robots.forbidsArchive(read.extract().robots());
    boolean hidden = robots.hidesContent(read.extract().robots(), page.fetchedAt());
    return new ParsedPage(
        page,
        type.essence(),
        read.encoding(),
        kept(read.extract(), hidden, archivable),
        archivable,
        hidden ? Additions.NONE : read.additions(),
        digest,
        version,
        body.cut(),
        body.damage(),
        Reason.OK);
  }

  /** The part of an extract that the page's robots directives allow to keep. */
  private static Extract kept(Extract extract, boolean hidden, boolean archivable) {
    if (hidden) {
      return extract.withoutContent();
    }
    return archivable ? extract : extract.withoutHtml();
  }

  /** The page's version, from its decompressed body: the compression may differ between visits. */
  private PageVersion version(Page page, DecodedBody body) {
    sha256.update(body.bytes(), 0, body.size());
    long digest = ByteBuffer.wrap(sha256.digest()).getLong();
    return new PageVersion(
        Validators.of(page.header("etag"), page.header("last-modified")), digest);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
