/** Removes a host from complete output files. */
@NullMarked
package io.sluice.parser.purge;

import org.jspecify.annotations.NullMarked;
