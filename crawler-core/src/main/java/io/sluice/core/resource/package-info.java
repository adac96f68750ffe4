/** The ledger of open resources and the census of the kernel's descriptors. */
@NullMarked
package io.sluice.core.resource;

import org.jspecify.annotations.NullMarked;
