/**
 * The parts of a page's JSON line that a scan cannot find, each turned on by a configuration key
 * that is off by default: the operator's own fields, the main text and its Markdown. They need a
 * tree; {@link io.sluice.parser.addition.AdditionReader} builds one only for pages that need it.
 */
@NullMarked
package io.sluice.parser.addition;

import org.jspecify.annotations.NullMarked;
