@NullMarked
package io.sluice.parser.decode;

import org.jspecify.annotations.NullMarked;
