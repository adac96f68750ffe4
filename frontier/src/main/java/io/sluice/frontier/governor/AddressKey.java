package io.sluice.frontier.governor;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address in 64 bits: a whole IPv4 address, or the /64 network of an IPv6 address, the smallest
 * that a customer gets. Stateless.
 */
final class AddressKey {

  /** Stands for no address. */
  static final long NONE = 0;

  /** High bits of an IPv4 address's key: an IPv6 multicast prefix, which is never connected to. */
  private static final long IPV4 = 0xFFFF_FFFFL << 32;

  private AddressKey() {}

  static long of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (address instanceof Inet4Address) {
      return IPV4 | (bytes.getInt() & 0xFFFF_FFFFL);
    }
    long network = bytes.getLong();
    return network == NONE ? 1 : network; // the loopback address; 0:0:0:1::/64 is unused
  }
}
