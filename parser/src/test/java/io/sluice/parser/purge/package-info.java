@NullMarked
package io.sluice.parser.purge;

import org.jspecify.annotations.NullMarked;
