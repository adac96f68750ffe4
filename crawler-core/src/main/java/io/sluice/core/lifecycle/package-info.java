/**
 * Starting and stopping in order. A process opens everything inside a {@link
 * io.sluice.core.lifecycle.ResourceScope}; the parts of its data path are {@link
 * io.sluice.core.lifecycle.Stage stages}. A {@link io.sluice.core.lifecycle.ShutdownAudit}, created
 * first, records what was open before. At the end the {@link
 * io.sluice.core.lifecycle.ShutdownSequence} stops the intake, cancels, drains and closes, asks the
 * audit what is left, and returns the {@link io.sluice.core.lifecycle.ShutdownReport} with the exit
 * code.
 */
@NullMarked
package io.sluice.core.lifecycle;

import org.jspecify.annotations.NullMarked;
