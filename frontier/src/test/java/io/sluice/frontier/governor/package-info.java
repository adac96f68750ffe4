/** Tests of the clocks of addresses. */
@NullMarked
package io.sluice.frontier.governor;

import org.jspecify.annotations.NullMarked;
