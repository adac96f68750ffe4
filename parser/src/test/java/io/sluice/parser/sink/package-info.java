@NullMarked
package io.sluice.parser.sink;

import org.jspecify.annotations.NullMarked;
