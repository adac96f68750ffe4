/**
 * Starting and stopping in order. What a process opens it opens inside a {@link
 * io.sluice.core.lifecycle.ResourceScope}; the parts of its data path are {@link
 * io.sluice.core.lifecycle.Stage stages}. A {@link io.sluice.core.lifecycle.ShutdownAudit}, made
 * first thing, remembers what was open before. At the end the {@link
 * io.sluice.core.lifecycle.ShutdownSequence} stops the intake, cancels, drains and closes, asks the
 * audit what is left, and returns the {@link io.sluice.core.lifecycle.ShutdownReport} with the exit
 * code.
 */
@NullMarked
package io.sluice.core.lifecycle;

import org.jspecify.annotations.NullMarked;
