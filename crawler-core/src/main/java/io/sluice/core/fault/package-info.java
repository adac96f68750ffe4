/**
 * Named places in the code where a test may stop a process in its tracks and then do to it what it
 * likes, from outside. Nothing here does anything unless the JVM was started with {@code
 * -Dsluice.kill-point}.
 */
@NullMarked
package io.sluice.core.fault;

import org.jspecify.annotations.NullMarked;
