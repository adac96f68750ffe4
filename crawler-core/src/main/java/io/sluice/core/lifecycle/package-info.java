/** Stages, deadlines, the shutdown sequence and its report. */
@NullMarked
package io.sluice.core.lifecycle;

import org.jspecify.annotations.NullMarked;
