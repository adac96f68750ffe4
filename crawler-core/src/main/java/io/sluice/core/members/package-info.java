/**
 * Files of gzip members (RFC 1952) or zstd frames (RFC 8878), member by member: writing one, and
 * reading with the position of each.
 */
@NullMarked
package io.sluice.core.members;

import org.jspecify.annotations.NullMarked;
