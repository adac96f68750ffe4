/**
 * Files of gzip members (RFC 1952) as what they are, one member after the other: read with the
 * place of each, and written again without some of what is in them.
 */
@NullMarked
package io.sluice.core.gzip;

import org.jspecify.annotations.NullMarked;
