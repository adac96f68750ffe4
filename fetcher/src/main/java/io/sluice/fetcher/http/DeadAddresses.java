package io.sluice.fetcher.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Addresses of a lane's hosts that recently did not answer, and the order in which a host's
 * addresses are tried: families alternate (RFC 8305, section 4), and dead addresses are last. At
 * most {@link #MAX_ADDRESSES} are remembered; the oldest is forgotten first.
 *
 * <p>Confined to its lane.
 */
final class DeadAddresses {

  /** Maximum number of addresses remembered. */
  static final int MAX_ADDRESSES = 4_096;

  /** Maximum number of a host's addresses that are tried. */
  static final int MAX_TRIED = 64;

  private static final long REMEMBERED_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** When each address stops counting as dead, earliest first. */
  private final Map<InetAddress, Long> untilNanos = new LinkedHashMap<>();

  /** Records that an address does not answer. */
  void add(InetAddress address, long nowNanos) {
    untilNanos.remove(address);
    untilNanos.put(address, nowNanos + REMEMBERED_NANOS);
    if (untilNanos.size() > MAX_ADDRESSES) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    Iterator<InetAddress> oldest = untilNanos.keySet().iterator();
    oldest.next();
    oldest.remove();
  }

  /** Records that an address answers. */
  void remove(InetAddress address) {
    untilNanos.remove(address);
  }

  /**
   * The order in which a host's addresses are tried.
   *
   * @param addresses those that may be connected to, preferred ones first
   * @return all of them, or the first {@link #MAX_TRIED}
   */
  List<InetAddress> inOrder(List<InetAddress> addresses, long nowNanos) {
    List<InetAddress> alive = new ArrayList<>();
    List<InetAddress> dead = new ArrayList<>();
    for (InetAddress address : addresses) {
      (isDead(address, nowNanos) ? dead : alive).add(address);
    }
    List<InetAddress> order = inTurn(alive);
    order.addAll(inTurn(dead));
    return order.size() > MAX_TRIED ? order.subList(0, MAX_TRIED) : order;
  }

  private boolean isDead(InetAddress address, long nowNanos) {
    Long until = untilNanos.get(address);
    return until != null && until - nowNanos > 0;
  }

  /** Alternates between the two families, beginning with that of the first address. */
  private static List<InetAddress> inTurn(List<InetAddress> addresses) {
    List<InetAddress> ofFirst = new ArrayList<>();
    List<InetAddress> ofOther = new ArrayList<>();
    for (InetAddress address : addresses) {
      boolean first = address.getClass().equals(addresses.getFirst().getClass());
      (first ? ofFirst : ofOther).add(address);
    }
    List<InetAddress> order = new ArrayList<>(addresses.size());
    for (int i = 0; i < Math.max(ofFirst.size(), ofOther.size()); i++) {
      if (i < ofFirst.size()) {
        order.add(ofFirst.get(i));
      }
      if (i < ofOther.size()) {
        order.add(ofOther.get(i));
      }
    }
    return order;
  }
}
