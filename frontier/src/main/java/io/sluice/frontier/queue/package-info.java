/**
 * The waiting URLs, by host and priority class: first in, first out, so that a host is crawled
 * breadth-first within a class. The newer ones are in an arena in memory; when it is full, they are
 * spilled to a segment on disk. Segments are merged in the background.
 */
@NullMarked
package io.sluice.frontier.queue;

import org.jspecify.annotations.NullMarked;
