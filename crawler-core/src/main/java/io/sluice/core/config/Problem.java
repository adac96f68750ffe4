package io.sluice.core.config;

import org.jspecify.annotations.Nullable;

/**
 * A mistake in the configuration that the user must fix. Values are bounded, have control
 * characters escaped and carry no password. Immutable.
 *
 * @param source the file or environment variable to fix
 * @param line the line in the file, from 1; 0 if none applies
 * @param key the full name of the key, such as {@code fetcher.max-body}; empty for the file as a
 *     whole
 * @param value what was found, safe for a message; null if there is none to show
 * @param reason what is allowed, or what is wrong, and the remedy
 * @param nearest the valid key that was probably meant; null if none is near
 */
public record Problem(
    String source,
    int line,
    String key,
    @Nullable String value,
    String reason,
    @Nullable String nearest) {

  /** A problem with the file as a whole. */
  static Problem ofFile(String file, String reason) {
    return new Problem(file, 0, "", null, reason, null);
  }

  /**
   * One line for people, such as {@code config/crawler.yaml:14: fetcher.max-body=-1: must be 1 byte
   * to 256 MiB; remove it to use 10 MiB}.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(source);
    if (line > 0) {
      text.append(':').append(line);
    }
    if (!key.isEmpty()) {
      text.append(": ").append(key);
      if (value != null) {
        text.append('=').append(value);
      }
    }
    text.append(": ").append(reason);
    if (nearest != null) {
      text.append("; did you mean ").append(nearest).append('?');
    }
    return text.toString();
  }
}
