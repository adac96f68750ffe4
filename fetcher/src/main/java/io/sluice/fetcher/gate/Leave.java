package io.sluice.fetcher.gate;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Permission to send one request to one host; only a {@link Pass} creates it. Thread-safe: it can
 * be used only once, by the first caller.
 */
public final class Leave {
  private final String host;
  private final Predicate<InetAddress> addresses;
  private final AtomicBoolean used = new AtomicBoolean();

  Leave(String host, Predicate<InetAddress> addresses) {
    this.host = host;
    this.addresses = addresses;
  }

  /**
   * Uses up the permission.
   *
   * @throws IllegalStateException if it is for another host, or was used before
   */
  public void use(String asked) {
    if (!host.equals(asked)) {
      throw new IllegalStateException("this leave is for " + host + ", not " + asked);
    }
    if (used.getAndSet(true)) {
      throw new IllegalStateException("this leave for " + host + " has already been used");
    }
  }

  /**
   * Whether a request may be sent to an address of the host now; call this before anything is sent.
   * An admitted address belongs to the visit until the visit is over.
   */
  public boolean mayAsk(InetAddress address) {
    return addresses.test(address);
  }
}
