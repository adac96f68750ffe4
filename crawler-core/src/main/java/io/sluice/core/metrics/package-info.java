/** Metrics and the admin server that shows them. */
@NullMarked
package io.sluice.core.metrics;

import org.jspecify.annotations.NullMarked;
