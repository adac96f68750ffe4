/**
 * Which hosts may be asked. A URL is judged before its robots.txt is read, and again each address
 * that a connection is about to be made to: the very address, so that a name that resolves to
 * something else the second time gains nothing.
 */
@NullMarked
package io.sluice.fetcher.guard;

import org.jspecify.annotations.NullMarked;
