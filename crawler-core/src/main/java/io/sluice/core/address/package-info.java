/**
 * Which ports and addresses may be contacted. A crawler follows links that third parties write and
 * must not be led to private machines on its network, so special addresses and unusual ports are
 * refused unless {@code fetcher.addresses} or a seed names them. {@link
 * io.sluice.core.address.AddressRules} is consulted by the scope when a link is offered, by the
 * fetcher's guard before a connection is made, and by {@code sluice check}.
 */
@NullMarked
package io.sluice.core.address;

import org.jspecify.annotations.NullMarked;
