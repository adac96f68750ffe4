/** One YAML file, typed and validated as a whole. */
@NullMarked
package io.sluice.core.config;

import org.jspecify.annotations.NullMarked;
