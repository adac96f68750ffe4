package io.sluice.parser.sink;

import io.sluice.core.lease.PageVersion;
import io.sluice.core.message.Page;
import io.sluice.parser.decode.Damage;
import io.sluice.parser.decode.Encoding;
import io.sluice.parser.extract.Extract;
import org.jspecify.annotations.Nullable;

/**
 * A page and what was made of it. Immutable.
 *
 * @param page the page as fetched
 * @param contentType type and subtype, lower case; empty where unknown
 * @param encoding how it was decoded; null where it was not parsed
 * @param extract what it says
 * @param sha256 the digest of the body as received, {@code sha256:} and hexadecimal digits
 * @param version by what a later visit tells whether the page changed; null where none is planned,
 *     or the page could not be parsed
 * @param inflatedCut whether the body was cut at {@code parser.max-inflated}
 * @param damage what was wrong with the content coding; null when nothing was
 * @param reason {@code ok}, or the stable word of why the page could not be parsed
 */
public record ParsedPage(
    Page page,
    String contentType,
    @Nullable Encoding encoding,
    Extract extract,
    String sha256,
    @Nullable PageVersion version,
    boolean inflatedCut,
    @Nullable Damage damage,
    String reason) {

  /** The reason of a page that was parsed, or needs no parsing. */
  public static final String OK = "ok";
}
