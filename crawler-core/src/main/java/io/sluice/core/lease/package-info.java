/**
 * The vocabulary that the frontier and the fetcher share: a {@link io.sluice.core.lease.Lease} is
 * the right to visit one URL once; it ends exactly once, by a {@link
 * io.sluice.core.lease.Settlement}. The frontier implements {@link io.sluice.core.lease.LeaseDesk},
 * the fetcher {@link io.sluice.core.lease.LeaseTaker}.
 */
@NullMarked
package io.sluice.core.lease;

import org.jspecify.annotations.NullMarked;
