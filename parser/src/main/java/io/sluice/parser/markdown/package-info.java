/**
 * A page's main text as Markdown (CommonMark, and the tables of GitHub's dialect). A walk over the
 * tree builds CommonMark's nodes ({@link io.sluice.parser.markdown.MarkdownWalk}); commonmark-java
 * renders them. What Markdown cannot express (blocks in a cell, emphasis that touches letters) is
 * simplified, and its text is kept.
 */
@NullMarked
package io.sluice.parser.markdown;

import org.jspecify.annotations.NullMarked;
