package io.sluice.core.redis;

import java.util.HashMap;
import java.util.Map;

/** Parses a server's answer to INFO. Thread-safe: stateless. */
public final class ServerInfo {

  private ServerInfo() {}

  /** The {@code name:value} lines. */
  public static Map<String, String> fields(String info) {
    Map<String, String> fields = new HashMap<>();
    info.lines()
        .forEach(
            line -> {
              int colon = line.indexOf(':');
              if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
              }
            });
    return fields;
  }
}
