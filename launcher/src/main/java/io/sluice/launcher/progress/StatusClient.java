package io.sluice.launcher.progress;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /status} of the processes on this machine. Each call waits half a second at most for
 * the connection and as long for each read. Stateless.
 */
public final class StatusClient {

  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final int MAX_BYTES = 1 << 20;

  private StatusClient() {}

  /** The JSON of a process's status; null when it does not answer. */
  public static @Nullable String read(String address, int port) {
    String host = address.contains(":") ? "[" + address + "]" : address;
    try {
      URI uri = URI.create("http://" + host + ":" + port + "/status");
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout((int) TIMEOUT.toMillis());
      connection.setReadTimeout((int) TIMEOUT.toMillis());
      try (InputStream body = connection.getInputStream()) {
        return new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return null; // Not up yet, or no longer: the next tick asks again.
    }
  }
}
