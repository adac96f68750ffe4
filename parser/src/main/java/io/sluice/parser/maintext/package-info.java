/**
 * The main text of a page: its text without navigation, header, footer and asides, found by the
 * page's landmarks if it has any and otherwise by the distribution of its links ({@link
 * io.sluice.parser.maintext.MainText}).
 */
@NullMarked
package io.sluice.parser.maintext;

import org.jspecify.annotations.NullMarked;
