/**
 * The command line. {@link io.sluice.launcher.cli.SluiceCommand} holds the commands; each reads its
 * config, hands over to the package that does the work and returns the exit status. A user error is
 * a {@link io.sluice.launcher.process.CannotStart}: its lines are printed to standard error without
 * a stack trace, and the status is 1.
 */
@NullMarked
package io.sluice.launcher.cli;

import org.jspecify.annotations.NullMarked;
