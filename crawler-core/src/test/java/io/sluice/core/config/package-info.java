/** Tests of the configuration. */
@NullMarked
package io.sluice.core.config;

import org.jspecify.annotations.NullMarked;
