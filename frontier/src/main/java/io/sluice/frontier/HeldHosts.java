package io.sluice.frontier;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The hosts that are held. Immutable.
 *
 * @param byReason number of hosts by the reason for the hold
 * @param nextProbe time until one of them is probed; null if none is held
 * @param patience how long the crawl waits for the held host with the most patience left; null
 *     unless only held hosts are left
 * @param fullest the held host with the most waiting URLs; null if none is held
 */
public record HeldHosts(
    Map<String, Integer> byReason,
    @Nullable Duration nextProbe,
    @Nullable Patience patience,
    @Nullable Host fullest) {

  /**
   * How much longer the crawl waits for a host if no probe succeeds.
   *
   * @param left maximum remaining time
   * @param key the setting that limits it
   */
  public record Patience(Duration left, String key) {}

  /**
   * A host that is held.
   *
   * @param reason the reason for the hold
   * @param held duration of the hold, in the crawl's running time
   * @param urls number of its waiting URLs
   */
  public record Host(String name, String reason, Duration held, long urls) {}

  /** No host is held. */
  public static final HeldHosts NONE = new HeldHosts(Map.of(), null, null, null);

  public HeldHosts {
    byReason = Map.copyOf(byReason);
  }

  /** The number of held hosts. */
  public int count() {
    return byReason.values().stream().mapToInt(Integer::intValue).sum();
  }

  HeldHosts plus(HeldHosts other) {
    Map<String, Integer> all = new TreeMap<>(byReason);
    other.byReason.forEach((reason, count) -> all.merge(reason, count, Integer::sum));
    return new HeldHosts(
        all,
        earlier(nextProbe, other.nextProbe),
        later(patience, other.patience),
        fuller(fullest, other.fullest));
  }

  private static @Nullable Duration earlier(@Nullable Duration one, @Nullable Duration other) {
    return one == null || (other != null && other.compareTo(one) < 0) ? other : one;
  }

  private static @Nullable Patience later(@Nullable Patience one, @Nullable Patience other) {
    return one == null || (other != null && other.left().compareTo(one.left()) > 0) ? other : one;
  }

  private static @Nullable Host fuller(@Nullable Host one, @Nullable Host other) {
    return one == null || (other != null && other.urls() > one.urls()) ? other : one;
  }
}
