/**
 * Content codings (RFC 9110, 8.4): {@link io.sluice.core.coding.BodyDecoder} removes them from a
 * body within a bound, for pages in the parser and for robots.txt in the fetcher.
 */
@NullMarked
package io.sluice.core.coding;

import org.jspecify.annotations.NullMarked;
