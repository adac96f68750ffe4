/**
 * The messages that pass through Redis: pages and record-only entries on their way to parsers,
 * outcomes on their way back. The encodings are documented in docs/wire-protocol.md.
 */
@NullMarked
package io.sluice.core.message;

import org.jspecify.annotations.NullMarked;
