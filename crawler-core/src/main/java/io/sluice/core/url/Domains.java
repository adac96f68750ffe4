package io.sluice.core.url;

import crawlercommons.domains.EffectiveTldFinder;

/**
 * Registered domains by the Public Suffix List, its private section included: {@code a.github.io}
 * and {@code b.github.io} are strangers. The first call loads the list, in half a second.
 * Thread-safe: the list does not change once it is loaded.
 */
public final class Domains {

  private Domains() {}

  /**
   * The registered domain of a host (one label below its public suffix; an unlisted top-level
   * domain counts as a suffix); an IP literal or a bare suffix is its own. A dot at the end of the
   * host is left out. A few microseconds: cache it by host.
   *
   * @param host as {@link Url#host} gives it
   */
  public static String registeredDomain(String host) {
    if (host.startsWith("[") || Ipv4Parser.endsInNumber(host, 0, host.length())) {
      return host;
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String domain = EffectiveTldFinder.getAssignedDomain(name, true, false);
    if (domain != null) {
      return domain;
    }
    boolean listed = EffectiveTldFinder.getEffectiveTLD(name) != null;
    return listed ? name : lastTwoLabels(name);
  }

  private static String lastTwoLabels(String name) {
    int dot = name.lastIndexOf('.', name.lastIndexOf('.') - 1);
    return name.substring(dot + 1);
  }
}
