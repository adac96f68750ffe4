/**
 * Extracts a page's content from its decoded text: title, text, language, links and robots
 * directives, in one pass and without a tree if possible ({@link
 * io.sluice.parser.extract.HtmlExtractor}). {@link io.sluice.parser.extract.PageContent} gathers
 * them for both readers, and {@link io.sluice.parser.extract.DetailContent} the optional details:
 * further kinds of links, metadata, headings.
 */
@NullMarked
package io.sluice.parser.extract;

import org.jspecify.annotations.NullMarked;
