@NullMarked
package io.sluice.core.address;

import org.jspecify.annotations.NullMarked;
