/**
 * Decides which hosts may be contacted. A URL is judged before its robots.txt is read; each address
 * is judged just before a connection is made to it. A name that resolves differently the second
 * time (DNS rebinding) therefore gains nothing.
 */
@NullMarked
package io.sluice.fetcher.guard;

import org.jspecify.annotations.NullMarked;
