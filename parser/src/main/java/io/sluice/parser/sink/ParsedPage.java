package io.sluice.parser.sink;

import io.sluice.core.coding.Damage;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Reason;
import io.sluice.core.message.Page;
import io.sluice.parser.addition.Additions;
import io.sluice.parser.encoding.Encoding;
import io.sluice.parser.extract.Extract;
import org.jspecify.annotations.Nullable;

/**
 * A page and the result of parsing it. Immutable.
 *
 * @param page the page as fetched
 * @param contentType type and subtype, lower case; empty if unknown
 * @param encoding the encoding with which it was decoded; null if it was not parsed
 * @param extract the content extracted from it
 * @param archivable whether it may be archived as sent; false if an obeyed directive forbids that
 * @param additions the parts that the config adds to a page's record
 * @param sha256 the digest of the body as received, {@code sha256:} and hexadecimal digits
 * @param version the page's version, from which a later visit can detect whether the page changed;
 *     null if no visit is planned, or the page could not be parsed
 * @param inflatedCut whether the body was cut at {@code parser.max-inflated}
 * @param damage what was wrong with the content coding; null if nothing was
 * @param reason {@link Reason#OK}, or why the page could not be parsed
 */
public record ParsedPage(
    Page page,
    String contentType,
    @Nullable Encoding encoding,
    Extract extract,
    boolean archivable,
    Additions additions,
    String sha256,
    @Nullable PageVersion version,
    boolean inflatedCut,
    @Nullable Damage damage,
    Reason reason) {}
