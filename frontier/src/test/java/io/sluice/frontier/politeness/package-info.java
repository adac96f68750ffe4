/** Tests of when hosts may be visited. */
@NullMarked
package io.sluice.frontier.politeness;

import org.jspecify.annotations.NullMarked;
