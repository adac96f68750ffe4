package io.sluice.parser.extract;

import io.sluice.core.message.Header;
import io.sluice.core.url.Url;
import io.sluice.parser.encoding.Encoding;
import java.util.List;

/**
 * The context in which a document is read. Immutable.
 *
 * @param url the document's own URL
 * @param hops number of consecutive redirects and refreshes that led here
 * @param headers the fields of the response that carried it
 * @param encoding its encoding, which also applies to the queries of its links
 */
public record Document(Url url, int hops, List<Header> headers, Encoding encoding) {

  public Document {
    headers = List.copyOf(headers);
  }

  /** A document in UTF-8 that no redirect led to. */
  public static Document utf8(Url url, List<Header> headers) {
    return new Document(url, 0, headers, Encoding.UTF_8);
  }
}
