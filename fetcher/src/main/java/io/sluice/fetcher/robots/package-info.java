/**
 * What hosts allow (RFC 9309). A lease asks the {@link io.sluice.fetcher.robots.RobotsDesk} of its
 * lane for its origin's rules. The first to ask for an origin has robots.txt fetched, through the
 * same client and guard as pages; others wait for that. Rules are cached for a day. What cannot be
 * read for now counts as forbidding everything, and what does not exist as allowing everything.
 */
@NullMarked
package io.sluice.fetcher.robots;

import org.jspecify.annotations.NullMarked;
