/** What the census of descriptors costs a process. */
@NullMarked
package io.sluice.bench.census;

import org.jspecify.annotations.NullMarked;
