/**
 * From text to what a page says: one parse, one walk over the tree, and then title, text, language,
 * links and robots directives are known ({@link io.sluice.parser.extract.HtmlExtractor}).
 */
@NullMarked
package io.sluice.parser.extract;

import org.jspecify.annotations.NullMarked;
