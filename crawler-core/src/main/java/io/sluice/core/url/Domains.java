package io.sluice.core.url;

import crawlercommons.domains.EffectiveTldFinder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Registered domains by the Public Suffix List, including its private section: {@code a.github.io}
 * and {@code b.github.io} are different sites. The list is the one that this version contains,
 * unless another was given to {@link #use}; the library keeps one list for the whole process. The
 * first call loads it, in half a second.
 *
 * <p>Thread-safe, because the list changes only before other threads use it.
 */
public final class Domains {

  /** The heading of the list's first section. */
  private static final String HEADING = "// ===BEGIN ICANN DOMAINS===";

  private Domains() {}

  /** The list that this version contains, as published. */
  public static byte[] carried() {
    try (InputStream list =
        EffectiveTldFinder.class.getResourceAsStream(EffectiveTldFinder.ETLD_DATA)) {
      if (list == null) {
        throw new IllegalStateException("the public suffix list is missing from the jar");
      }
      return list.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the public suffix list", e);
    }
  }

  /** Whether a text has the heading of a public suffix list. */
  public static boolean isList(byte[] text) {
    return new String(text, StandardCharsets.UTF_8).contains(HEADING);
  }

  /**
   * Replaces the list of the whole process; takes half a second. Must be called before other
   * threads ask for domains.
   *
   * @throws IllegalArgumentException if it is not a list
   */
  public static void use(byte[] list) {
    if (!isList(list)) {
      throw new IllegalArgumentException("not a public suffix list");
    }
    EffectiveTldFinder.getInstance().initialize(new ByteArrayInputStream(list));
  }

  /**
   * The registered domain of a host (one label below its public suffix; an unlisted top-level
   * domain counts as a suffix); an IP literal or a bare suffix is returned as it is. A dot at the
   * end of the host is dropped. A few microseconds: cache it by host.
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

  /**
   * Whether anyone may register names below a host, so that it does not belong to a single site:
   * {@code com}, {@code co.uk}, {@code github.io}. An unlisted top-level domain counts as a suffix,
   * too, and so does an IP address, below which there is nothing. A few microseconds.
   *
   * @param host as {@link Url#host} gives it, without a dot at its end
   */
  public static boolean isPublicSuffix(String host) {
    String below = "x." + host;
    return host.startsWith("[") || registeredDomain(below).equals(below);
  }

  private static String lastTwoLabels(String name) {
    int dot = name.lastIndexOf('.', name.lastIndexOf('.') - 1);
    return name.substring(dot + 1);
  }
}
