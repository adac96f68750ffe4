package io.sluice.core.config;

import java.util.Locale;

/**
 * A key of the configuration, for documentation and help. Immutable.
 *
 * @param path the full name, such as {@code fetcher.max-body}
 * @param fallback the default, as it is written in the file; empty if there is none
 * @param allowed the values that are allowed, in words
 * @param list whether it takes a list; lists cannot be set from the environment
 */
public record Key(String path, String fallback, String allowed, boolean list) {

  /** The environment variable that overrides this key. */
  public String variable() {
    return variable(path);
  }

  static String variable(String path) {
    return "SLUICE_" + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
