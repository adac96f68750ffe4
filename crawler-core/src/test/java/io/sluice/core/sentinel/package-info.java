/** The sentinel on recorded series: what it must find, and what it must let pass. */
@NullMarked
package io.sluice.core.sentinel;

import org.jspecify.annotations.NullMarked;
