/** The spelling of constants in configuration, logs and metrics. */
@NullMarked
package io.sluice.core.text;

import org.jspecify.annotations.NullMarked;
