/**
 * Commands to a running crawl: a unix domain socket, {@code control.sock}, in the crawl directory.
 * Access is controlled only by the socket's mode, 600: a process that may write to the file may
 * send commands to the crawl.
 *
 * <p>A client connects, sends one line with a {@link io.sluice.launcher.control.Command} in JSON,
 * and reads one line with the {@link io.sluice.launcher.control.Reply}. {@link
 * io.sluice.launcher.control.ControlSocket} serves one client at a time on a thread of its own, and
 * disconnects slow ones; {@link io.sluice.launcher.control.ControlClient} is the other end.
 */
@NullMarked
package io.sluice.launcher.control;

import org.jspecify.annotations.NullMarked;
