/**
 * Writes and reads files of gzip members (RFC 1952) or zstd frames (RFC 8878), one member at a
 * time; a reader knows each member's position.
 */
@NullMarked
package io.sluice.core.members;

import org.jspecify.annotations.NullMarked;
