@NullMarked
package io.sluice.parser.scan;

import org.jspecify.annotations.NullMarked;
