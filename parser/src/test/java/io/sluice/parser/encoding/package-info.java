@NullMarked
package io.sluice.parser.encoding;

import org.jspecify.annotations.NullMarked;
