/** A web on loopback that knows what a crawl of it must find, and what was asked of it. */
@NullMarked
package io.sluice.it.web;

import org.jspecify.annotations.NullMarked;
