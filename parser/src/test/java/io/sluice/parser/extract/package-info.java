@NullMarked
package io.sluice.parser.extract;

import org.jspecify.annotations.NullMarked;
