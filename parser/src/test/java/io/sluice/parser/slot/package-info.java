@NullMarked
package io.sluice.parser.slot;

import org.jspecify.annotations.NullMarked;
