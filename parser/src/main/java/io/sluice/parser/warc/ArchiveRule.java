package io.sluice.parser.warc;

import io.sluice.core.message.Header;
import io.sluice.parser.extract.ExtractBounds;
import java.util.List;

/**
 * Decides by the response's fields whether an exchange that was not parsed may be archived.
 * Immutable.
 *
 * @param bounds which directives are obeyed, and the crawler's product token
 */
public record ArchiveRule(ExtractBounds bounds) {

  /**
   * Whether an X-Robots-Tag field forbids archiving.
   *
   * @param responseHead status line and fields as received
   */
  boolean forbids(String responseHead) {
    if (!bounds.robots().noarchive()) {
      return false;
    }
    List<Header> fields =
        responseHead.lines().filter(line -> line.indexOf(':') > 0).map(ArchiveRule::field).toList();
    return bounds.forbidsArchive(fields);
  }

  private static Header field(String line) {
    int colon = line.indexOf(':');
    return new Header(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
  }
}
