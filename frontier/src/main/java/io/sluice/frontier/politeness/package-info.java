/**
 * When a host may be visited. Each host has a clock; the schedule keeps the hosts that have work in
 * the order of their times. A host's delay counts from the end of its last response.
 */
@NullMarked
package io.sluice.frontier.politeness;

import org.jspecify.annotations.NullMarked;
