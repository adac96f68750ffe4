/** The fetcher: from a lease to a page in Redis. */
@NullMarked
package io.sluice.fetcher;

import org.jspecify.annotations.NullMarked;
