/**
 * What hosts allow (RFC 9309). A lease asks the {@link io.sluice.fetcher.robots.RobotsDesk} of its
 * lane for its origin's rules. The first lease of an origin triggers the fetch of robots.txt,
 * through the same client and guard as pages; others wait for it. Rules are cached for a day. If
 * the rules cannot be read, everything is forbidden; if none exist, everything is allowed.
 */
@NullMarked
package io.sluice.fetcher.robots;

import org.jspecify.annotations.NullMarked;
