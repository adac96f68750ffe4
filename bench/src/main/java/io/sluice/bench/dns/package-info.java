/** What name lookups cost the fetcher. */
@NullMarked
package io.sluice.bench.dns;

import org.jspecify.annotations.NullMarked;
