package io.sluice.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port for a process whose port must be set before it starts. Stateless. */
final class FreePort {

  private FreePort() {}

  /**
   * Returns a loopback port that was free a moment ago; another process may take it before it is
   * used.
   */
  static int number() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
