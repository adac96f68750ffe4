package io.sluice.core.metrics;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request to the admin port (RFC 9112), as far as it matters there. Immutable.
 *
 * @param method such as {@code GET}, as it was sent
 * @param path the target's path, as it was sent
 * @param host the Host field; null if an HTTP/1.0 request has none
 */
record AdminRequest(String method, String path, @Nullable String host) {

  private static final String HOST = "host";

  /**
   * Reads a head.
   *
   * @param head the request line and the fields, the last with its line end
   * @return null if it is not a well-formed head of HTTP/1 with one Host field, which HTTP/1.0 may
   *     omit
   */
  static @Nullable AdminRequest parse(String head) {
    List<String> lines = head.lines().toList();
    String[] words = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", -1);
    if (words.length != 3 || !words[1].startsWith("/") || !words[2].startsWith("HTTP/1.")) {
      return null;
    }
    String host = null;
    for (String field : lines.subList(1, lines.size())) {
      int colon = field.indexOf(':');
      if (colon < 1) {
        return null;
      }
      if (field.substring(0, colon).toLowerCase(Locale.ROOT).equals(HOST)) {
        if (host != null) {
          return null; // Ambiguous.
        }
        host = field.substring(colon + 1).strip();
      }
    }
    boolean hostless = host == null && !words[2].equals("HTTP/1.0");
    return hostless ? null : new AdminRequest(words[0], path(words[1]), host);
  }

  private static String path(String target) {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }
}
