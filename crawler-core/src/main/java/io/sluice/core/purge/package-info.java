/**
 * Code that purges share. It removes a host's JSON lines from compressed files. Members without
 * such lines keep their bytes, and a file keeps its length if that is recorded elsewhere.
 */
@NullMarked
package io.sluice.core.purge;

import org.jspecify.annotations.NullMarked;
