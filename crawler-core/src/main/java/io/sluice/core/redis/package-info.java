/** The bounded, waiting Redis pool and the streams of the hand-over. */
@NullMarked
package io.sluice.core.redis;

import org.jspecify.annotations.NullMarked;
