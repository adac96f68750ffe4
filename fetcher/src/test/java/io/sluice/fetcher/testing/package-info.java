/**
 * Parts shared by the fetcher's tests: settings, a desk and a publisher that record their calls,
 * and hostile servers.
 */
@NullMarked
package io.sluice.fetcher.testing;

import org.jspecify.annotations.NullMarked;
