/**
 * Decides which URLs belong to the crawl. Each offered URL is judged once, when it is new; a queued
 * URL is judged again when its turn comes, since the settings may have been edited in between.
 */
@NullMarked
package io.sluice.frontier.scope;

import org.jspecify.annotations.NullMarked;
