@NullMarked
package io.sluice.parser.worker;

import org.jspecify.annotations.NullMarked;
