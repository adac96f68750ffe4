/**
 * Named places in the code where a test may hold a process, to stop, kill or inspect it from
 * outside. Nothing here has an effect unless the JVM was started with {@code -Dsluice.kill-point}.
 */
@NullMarked
package io.sluice.core.fault;

import org.jspecify.annotations.NullMarked;
