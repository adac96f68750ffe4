/** What the fetcher's tests share: settings, a desk and a sink that record, hostile servers. */
@NullMarked
package io.sluice.fetcher.testing;

import org.jspecify.annotations.NullMarked;
