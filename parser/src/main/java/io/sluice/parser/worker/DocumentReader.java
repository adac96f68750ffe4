package io.sluice.parser.worker;

import io.sluice.core.coding.DecodedBody;
import io.sluice.core.message.Page;
import io.sluice.core.url.Url;
import io.sluice.parser.addition.AdditionReader;
import io.sluice.parser.addition.Additions;
import io.sluice.parser.decode.ContentType;
import io.sluice.parser.decode.DecodedText;
import io.sluice.parser.decode.DocumentKind;
import io.sluice.parser.decode.TextDecoder;
import io.sluice.parser.decode.XmlKind;
import io.sluice.parser.encoding.Encoding;
import io.sluice.parser.extract.Document;
import io.sluice.parser.extract.Extract;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.extract.HtmlExtractor;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body whose content codings have been removed: decodes the text and extracts the content,
 * as its kind of document requires. Confined to its worker's thread.
 */
final class DocumentReader {

  private final HtmlExtractor extractor;
  private final AdditionReader additions;

  /**
   * @param additions reads the optional parts of a page
   * @param treeFallbacks run for each HTML page that needs a tree
   */
  DocumentReader(ExtractBounds bounds, AdditionReader additions, Runnable treeFallbacks) {
    this.additions = additions;
    this.extractor = new HtmlExtractor(bounds, treeFallbacks);
  }

  /**
   * A document that was read.
   *
   * @param encoding how it was decoded; null if it is not text
   */
  record ReadDocument(@Nullable Encoding encoding, Extract extract, Additions additions) {
    ReadDocument(@Nullable Encoding encoding, Extract extract) {
      this(encoding, extract, Additions.NONE);
    }
  }

  ReadDocument read(Page page, ContentType type, DecodedBody body) {
    Url url = Url.parse(page.url());
    if (url == null) {
      return new ReadDocument(null, Extract.NOTHING);
    }
    Visited visited = new Visited(page, url, type.charset());
    return switch (DocumentKind.of(type)) {
      case HTML -> html(visited, body);
      case XML -> xml(visited, body);
      case PLAIN -> {
        DecodedText text = TextDecoder.plain(body, type.charset());
        yield visited.read(text, extractor.plain(text.text(), visited.document(text)));
      }
      case OTHER -> new ReadDocument(null, extractor.other(visited.document(Encoding.UTF_8)));
    };
  }

  /**
   * Reads HTML. If only the parser finds the declared encoding, the page is decoded and parsed
   * again.
   */
  private ReadDocument html(Visited visited, DecodedBody body) {
    DecodedText text = TextDecoder.decode(body, visited.charset());
    Extract extract = extractor.html(text.text(), visited.document(text));
    Encoding declared = extract.declared();
    if (declared == null || !text.source().tentative() || declared.equals(text.encoding())) {
      return withAdditions(visited, text, false, extract);
    }
    DecodedText again = TextDecoder.again(body, declared);
    Extract second = extractor.html(again.text(), visited.document(again));
    return withAdditions(visited, again, false, second);
  }

  private ReadDocument withAdditions(
      Visited visited, DecodedText text, boolean xhtml, Extract extract) {
    int status = visited.page().status();
    return new ReadDocument(
        text.encoding(),
        extract,
        additions.read(visited.document(text), status, text.text(), xhtml, extract.text()));
  }

  private ReadDocument xml(Visited visited, DecodedBody body) {
    DecodedText text = TextDecoder.xml(body, visited.charset());
    Document document = visited.document(text);
    return switch (XmlKind.of(text.text())) {
      case XHTML -> withAdditions(visited, text, true, extractor.xhtml(text.text(), document));
      case OTHER, BROKEN -> visited.read(text, extractor.xml(text.text(), document));
      case HTML -> html(visited, body);
    };
  }

  /** A page, its URL, and the charset that its response declares. */
  private record Visited(Page page, Url url, @Nullable String charset) {

    Document document(DecodedText text) {
      return document(text.encoding());
    }

    Document document(Encoding encoding) {
      return new Document(url, page.redirects().size(), page.headers(), encoding);
    }

    ReadDocument read(DecodedText text, Extract extract) {
      return new ReadDocument(text.encoding(), extract);
    }
  }
}
