package io.sluice.core.config;

import java.util.List;

/**
 * Where metrics, health and status are served. Immutable.
 *
 * @param bind the address to listen on
 * @param port the port of the whole crawl under {@code sluice run}, whose processes then use free
 *     ports; otherwise the port of the process; 0 for any free port
 * @param hosts host names that requests may use, in addition to IP addresses and localhost
 */
public record AdminSettings(String bind, int port, List<String> hosts) {

  public AdminSettings {
    hosts = List.copyOf(hosts);
  }

  /** Settings without additional host names. */
  public AdminSettings(String bind, int port) {
    this(bind, port, List.of());
  }
}
