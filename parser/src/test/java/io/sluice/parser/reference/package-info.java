@NullMarked
package io.sluice.parser.reference;

import org.jspecify.annotations.NullMarked;
