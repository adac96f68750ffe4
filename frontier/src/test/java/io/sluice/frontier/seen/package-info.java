/** Tests of the seen set. */
@NullMarked
package io.sluice.frontier.seen;

import org.jspecify.annotations.NullMarked;
