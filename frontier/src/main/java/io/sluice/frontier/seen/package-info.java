/**
 * What was offered before. A URL is known by 64 bits of its hash: of a billion URLs, some 0.03 are
 * expected to be taken for another one in all.
 */
@NullMarked
package io.sluice.frontier.seen;

import org.jspecify.annotations.NullMarked;
