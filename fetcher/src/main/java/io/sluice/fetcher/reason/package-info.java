/** The short, stable words that say why a visit ended as it did; docs/outcomes.md lists them. */
@NullMarked
package io.sluice.fetcher.reason;

import org.jspecify.annotations.NullMarked;
