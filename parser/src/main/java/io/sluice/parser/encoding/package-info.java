/**
 * The encodings of the WHATWG Encoding Standard, exactly as specified: {@link
 * io.sluice.parser.encoding.Encoding} names one, decodes bytes with it, and encodes the queries of
 * links. The tables come from the standard's index files ({@code EncodingIndexes}). The JDK's
 * charsets differ from them in hundreds of characters, and some of them swallow the byte after a
 * broken character, so only its UTF-8 is used.
 */
@NullMarked
package io.sluice.parser.encoding;

import org.jspecify.annotations.NullMarked;
