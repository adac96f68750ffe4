/**
 * Read-only queries on a frontier's files: the fate of a URL, the URLs waiting at a host, the URLs
 * that ended, the treatment of hosts. A crawl may be running meanwhile, unless stated otherwise.
 */
@NullMarked
package io.sluice.frontier.inspect;

import org.jspecify.annotations.NullMarked;
