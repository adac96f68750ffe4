package io.sluice.launcher.progress;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /status} of the processes on this machine. Each call waits half a second at most for
 * the connection and as long for each read, and leaves nothing open: the JDK's own client keeps a
 * socket for a next call that may never come. Stateless.
 */
public final class StatusClient {

  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int MAX_BYTES = 1 << 20;
  private static final String HEAD_END = "\r\n\r\n";

  private StatusClient() {}

  /** The JSON of a process's status; null when it does not answer. */
  public static @Nullable String read(String address, int port) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      InetSocketAddress admin = new InetSocketAddress(InetAddress.getByName(address), port);
      socket.connect(admin, (int) TIMEOUT.toMillis());
      String request = "GET /status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        return body(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      return null; // Not up yet, or no longer: the next tick asks again.
    }
  }

  private static @Nullable String body(String response) {
    int end = response.indexOf(HEAD_END);
    boolean well = end > 0 && response.startsWith("HTTP/1.1 200 ");
    return well ? response.substring(end + HEAD_END.length()) : null;
  }
}
