/**
 * The command line. {@link io.sluice.launcher.cli.SluiceCommand} holds the commands; each reads its
 * config, hands over to the package that does the work and returns the exit status. A user error is
 * a {@link io.sluice.launcher.process.CannotStart}: its lines go to standard error, the status is
 * 1, and there is never a stack trace.
 */
@NullMarked
package io.sluice.launcher.cli;

import org.jspecify.annotations.NullMarked;
