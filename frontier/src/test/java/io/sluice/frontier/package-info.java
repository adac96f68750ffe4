/** The frontier as its users see it. */
@NullMarked
package io.sluice.frontier;

import org.jspecify.annotations.NullMarked;
