/**
 * Code that purges share: removing a host's JSON lines from compressed files, whose other members
 * keep their bytes, and which keep their length where that is recorded elsewhere.
 */
@NullMarked
package io.sluice.core.purge;

import org.jspecify.annotations.NullMarked;
