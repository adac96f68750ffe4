package io.sluice.frontier;

/**
 * Hosts that had been given up and were taken back. Immutable.
 *
 * @param hosts number of hosts
 * @param urls number of their waiting URLs
 */
public record TakenBack(int hosts, long urls) {

  public static final TakenBack NONE = new TakenBack(0, 0);

  public TakenBack plus(TakenBack other) {
    return new TakenBack(hosts + other.hosts, urls + other.urls);
  }
}
