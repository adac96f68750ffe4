/** Tests of holds. */
@NullMarked
package io.sluice.frontier.hold;

import org.jspecify.annotations.NullMarked;
