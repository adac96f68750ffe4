/**
 * Which hosts may be asked. A URL is judged before its robots.txt is read, and so is each address
 * just before a connection is made to it. A name that resolves differently the second time (DNS
 * rebinding) therefore gains nothing.
 */
@NullMarked
package io.sluice.fetcher.guard;

import org.jspecify.annotations.NullMarked;
