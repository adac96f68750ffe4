@NullMarked
package io.sluice.parser.node;

import org.jspecify.annotations.NullMarked;
