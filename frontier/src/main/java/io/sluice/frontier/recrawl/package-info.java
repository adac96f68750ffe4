/**
 * Pages that are visited again: the {@link io.sluice.frontier.recrawl.RecrawlPolicy} decides when,
 * by their age and by whether they were seen to change, and the {@link
 * io.sluice.frontier.queue.Calendar} keeps them until then.
 */
@NullMarked
package io.sluice.frontier.recrawl;

import org.jspecify.annotations.NullMarked;
