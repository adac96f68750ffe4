/**
 * Questions to a frontier's files: what becomes of a URL, whether the files are whole, and how to
 * mend them. A crawl may run meanwhile, except where it is said.
 */
@NullMarked
package io.sluice.frontier.inspect;

import org.jspecify.annotations.NullMarked;
