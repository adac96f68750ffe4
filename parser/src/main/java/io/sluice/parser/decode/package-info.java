/**
 * From the bytes a server sent to text: {@link io.sluice.parser.decode.BodyDecoder} takes the
 * content codings off within a bound, {@link io.sluice.parser.decode.TextDecoder} finds the
 * encoding in the HTML standard's order and decodes.
 */
@NullMarked
package io.sluice.parser.decode;

import org.jspecify.annotations.NullMarked;
