/** Tests of which URLs belong to a crawl. */
@NullMarked
package io.sluice.frontier.scope;

import org.jspecify.annotations.NullMarked;
