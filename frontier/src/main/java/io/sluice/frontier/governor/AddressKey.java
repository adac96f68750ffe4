package io.sluice.frontier.governor;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An address in 64 bits: an IPv4 address as a whole, of an IPv6 address the /64 network, which is
 * what one customer gets at least. Stateless.
 */
final class AddressKey {

  /** No address's key. */
  static final long NONE = 0;

  /** A prefix of multicast addresses, which nobody connects to. */
  private static final long IPV4 = 0xFFFF_FFFFL << 32;

  private AddressKey() {}

  static long of(InetAddress address) {
    ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
    if (address instanceof Inet4Address) {
      return IPV4 | (bytes.getInt() & 0xFFFF_FFFFL);
    }
    long network = bytes.getLong();
    return network == NONE ? 1 : network; // the loopback address; 0:0:0:1::/64 is nobody's
  }
}
