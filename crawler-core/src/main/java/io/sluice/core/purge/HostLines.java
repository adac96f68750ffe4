package io.sluice.core.purge;

import io.sluice.core.url.Url;
import org.jspecify.annotations.Nullable;

/** JSON lines that Sluice wrote, whose first field is {@code url}. Stateless. */
public final class HostLines {

  private static final String BEGINNING = "{\"url\":\"";

  private HostLines() {}

  /** The host of a line's URL; null if the line does not begin with one. */
  public static @Nullable String host(String line) {
    if (!line.startsWith(BEGINNING)) {
      return null;
    }
    int from = BEGINNING.length();
    int authority = line.indexOf("//", from) + 2;
    int slash = line.indexOf('/', authority);
    // In every serialized URL the path begins after the host, and nothing before it is escaped.
    Url url = authority < 2 || slash < 0 ? null : Url.parse(line.substring(from, slash + 1));
    return url == null ? null : url.host();
  }
}
