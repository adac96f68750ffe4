/**
 * References in text that has its own grammar: image candidate lists, style sheets, JSON-LD. They
 * are returned as written; the caller resolves them.
 */
@NullMarked
package io.sluice.parser.reference;

import org.jspecify.annotations.NullMarked;
