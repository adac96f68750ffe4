/**
 * The rules of the robots exclusion protocol (RFC 9309). A visit asks the {@link
 * io.sluice.fetcher.robots.RobotsDesk} of its lane for its origin's rules. The first visit to an
 * origin triggers the fetch of robots.txt, through the same client and guard as pages; other visits
 * wait for the result. Rules are cached for a day. If the rules cannot be read, everything is
 * forbidden; if none exist, everything is allowed.
 */
@NullMarked
package io.sluice.fetcher.robots;

import org.jspecify.annotations.NullMarked;
