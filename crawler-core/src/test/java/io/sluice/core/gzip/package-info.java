@NullMarked
package io.sluice.core.gzip;

import org.jspecify.annotations.NullMarked;
