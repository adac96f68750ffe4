/** Takes a host out of output that is complete. */
@NullMarked
package io.sluice.parser.purge;

import org.jspecify.annotations.NullMarked;
