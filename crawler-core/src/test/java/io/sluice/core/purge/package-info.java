@NullMarked
package io.sluice.core.purge;

import org.jspecify.annotations.NullMarked;
