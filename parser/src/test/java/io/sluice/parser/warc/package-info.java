@NullMarked
package io.sluice.parser.warc;

import org.jspecify.annotations.NullMarked;
