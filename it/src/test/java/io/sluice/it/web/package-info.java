/** Webs on loopback that know the correct result of a crawl, and log their requests. */
@NullMarked
package io.sluice.it.web;

import org.jspecify.annotations.NullMarked;
