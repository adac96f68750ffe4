package io.sluice.parser.worker;

import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Validators;
import io.sluice.core.message.Page;
import io.sluice.core.url.Url;
import io.sluice.parser.decode.BodyDecoder;
import io.sluice.parser.decode.ContentType;
import io.sluice.parser.decode.DecodedBody;
import io.sluice.parser.decode.DecodedText;
import io.sluice.parser.decode.TextDecoder;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.HtmlExtractor;
import io.sluice.parser.sink.ParsedPage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a parsed page of a page: decode, then extract. A page that makes either throw is a page all
 * the same, without content: one page never stops a worker. Owns native memory: close it. Confined
 * to its worker's thread.
 */
public final class PageParser implements AutoCloseable {

  /** The reason of a page that made the parser throw. */
  static final String PARSE_FAILED = "parse-failed";

  private static final Logger LOG = LoggerFactory.getLogger(PageParser.class);

  private final BodyDecoder decoder;
  private final HtmlExtractor extractor;
  private final MessageDigest sha256;
  private final boolean recrawls;

  /** A parser within these bounds, of a crawl that visits no page again. */
  public PageParser(long maxInflatedBytes, ExtractBounds bounds) {
    this(maxInflatedBytes, bounds, false);
  }

  /**
   * A parser within these bounds.
   *
   * @param maxInflatedBytes bytes of a body after decompression at most
   * @param recrawls whether pages are visited again, so that their versions are of use
   */
  public PageParser(long maxInflatedBytes, ExtractBounds bounds, boolean recrawls) {
    this.decoder = new BodyDecoder(maxInflatedBytes);
    this.extractor = new HtmlExtractor(bounds);
    this.recrawls = recrawls;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Parses a page; never throws for what the page is. */
  public ParsedPage parse(Page page) {
    String digest = "sha256:" + HexFormat.of().formatHex(sha256.digest(page.body().bytes()));
    ContentType type = ContentType.parse(page.header("content-type"));
    try {
      return parse(page, type, digest);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.debug("{} cannot be parsed", page.url(), e);
      Extract nothing = Extract.ofOther(List.of());
      return new ParsedPage(
          page, type.essence(), null, nothing, digest, null, false, null, PARSE_FAILED);
    }
  }

  private ParsedPage parse(Page page, ContentType type, String digest) {
    DecodedBody body = decoder.decode(page.body(), page.header("content-encoding"));
    PageVersion version = recrawls ? version(page, body) : null;
    Url url = Url.parse(page.url());
    if (url == null || !type.isHtml(body)) {
      Extract other = extractor.other(page.headers());
      return new ParsedPage(
          page,
          type.essence(),
          null,
          other,
          digest,
          version,
          body.cut(),
          body.damage(),
          ParsedPage.OK);
    }
    DecodedText text = TextDecoder.decode(body, type.charset());
    Extract extract = extractor.html(text.text(), url, page.headers());
    return new ParsedPage(
        page,
        type.essence(),
        text.encoding(),
        extract,
        digest,
        version,
        body.cut(),
        body.damage(),
        ParsedPage.OK);
  }

  /** The content is what counts: how it was compressed may differ from visit to visit. */
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
