/** URLs as the WHATWG URL standard defines them, restricted to {@code http} and {@code https}. */
@NullMarked
package io.sluice.core.url;

import org.jspecify.annotations.NullMarked;
