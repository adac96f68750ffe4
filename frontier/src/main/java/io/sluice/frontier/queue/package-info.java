/**
 * The URLs that wait, by host: first in, first out, so that a host is crawled breadth-first. In
 * memory a URL is one small array of bytes.
 */
@NullMarked
package io.sluice.frontier.queue;

import org.jspecify.annotations.NullMarked;
