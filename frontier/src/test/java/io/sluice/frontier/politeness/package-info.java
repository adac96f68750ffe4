/** Who may be visited when. */
@NullMarked
package io.sluice.frontier.politeness;

import org.jspecify.annotations.NullMarked;
