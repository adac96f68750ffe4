/**
 * From a body without its content codings to text: {@link io.sluice.parser.decode.TextDecoder}
 * finds the encoding in the HTML standard's order and decodes.
 */
@NullMarked
package io.sluice.parser.decode;

import org.jspecify.annotations.NullMarked;
