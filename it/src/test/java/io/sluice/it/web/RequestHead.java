package io.sluice.it.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of a request's head. Immutable. */
record RequestHead(List<String> lines) {

  private static final String END = "\r\n\r\n";

  /**
   * Reads the rest of a head.
   *
   * @param first the head's first byte
   * @return the head; null if the client closed the connection before the head's end
   */
  static @Nullable RequestHead read(int first, InputStream in) throws IOException {
    StringBuilder head = new StringBuilder().append((char) first);
    while (head.length() < END.length() || !END.equals(head.substring(head.length() - 4))) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    return new RequestHead(head.toString().lines().toList());
  }

  String path() {
    return lines.getFirst().split(" ", 3)[1];
  }

  /** The value of a field; empty if the field is missing. */
  String field(String name) {
    String start = name + ":";
    return lines.stream()
        .filter(line -> line.regionMatches(true, 0, start, 0, start.length()))
        .map(line -> line.substring(start.length()).strip())
        .findFirst()
        .orElse("");
  }
}
