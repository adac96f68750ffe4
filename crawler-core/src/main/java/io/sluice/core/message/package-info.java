/**
 * What crosses Redis: a page on its way to a parser, an outcome on its way back. The encodings are
 * documented in docs/wire-protocol.md.
 */
@NullMarked
package io.sluice.core.message;

import org.jspecify.annotations.NullMarked;
