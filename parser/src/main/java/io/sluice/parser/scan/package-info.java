/**
 * Reads a page's markup without building a tree. The {@link io.sluice.parser.scan.Tokenizer} runs
 * the HTML standard's tokenizer (13.2.5) over one buffer of characters; {@link
 * io.sluice.parser.scan.TreeSimulator} keeps the stack of open elements that tree construction
 * (13.2.6) would, and reports to {@link io.sluice.parser.scan.PageEvents} which elements begin and
 * end around the text. Where the standard would move content away from its place in the source,
 * such as text inside a table, the simulator gives up and the page needs a tree.
 */
@NullMarked
package io.sluice.parser.scan;

import org.jspecify.annotations.NullMarked;
