package io.sluice.core.metrics;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The hosts that the admin port answers for. A web page can make a browser send requests here under
 * the page's own name, by letting that name resolve to this machine (DNS rebinding). It cannot do
 * so under an IP address, under localhost, or under the configured names, so only these are
 * accepted. Immutable.
 */
final class AdminHosts {

  private static final String LOCALHOST = "localhost";

  private final Set<String> names;

  /**
   * @param names the configured names, in lower case
   */
  AdminHosts(List<String> names) {
    this.names = new HashSet<>(names);
    this.names.add(LOCALHOST);
  }

  /** Whether a Host field (RFC 9110, 7.2) names one of them; the port does not matter. */
  boolean include(String field) {
    String host = withoutPort(field);
    String name = host.toLowerCase(Locale.ROOT);
    return names.contains(name) || isAddress(host);
  }

  private static String withoutPort(String field) {
    int colon = field.lastIndexOf(':');
    boolean port = colon > field.lastIndexOf(']');
    return port ? field.substring(0, colon) : field;
  }

  private static boolean isAddress(String host) {
    try {
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      var _ = InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
