package io.sluice.core.address;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are not on the public internet: the special-purpose registries of RFC 6890 (as
 * IANA keeps them, without the entries that are globally reachable), multicast, and the IPv6
 * addresses outside the block allocated as global unicast. Stateless.
 */
final class SpecialAddresses {
  private static final List<Cidr> SPECIAL =
      ranges(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // carrier-grade NAT
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local, cloud metadata
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.88.99.0/24", // the former 6to4 relay
          "192.168.0.0/16", // private
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4", // reserved, limited broadcast
          "2001::/23", // protocol assignments, Teredo
          "2001:db8::/32", // documentation
          "3fff::/20"); // documentation

  /**
   * The block that IPv6 allocates as global unicast; loopback, local and multicast addresses lie
   * outside it.
   */
  private static final Cidr GLOBAL_UNICAST = Cidr.of("2000::/3");

  private static final List<Cidr> LOOPBACK = ranges("127.0.0.0/8", "::1");

  private static final Cidr SIX_TO_FOUR = Cidr.of("2002::/16");
  private static final List<Cidr> LAST_FOUR_BYTES =
      ranges(
          "::ffff:0:0/96", // IPv4-mapped
          "64:ff9b::/96"); // NAT64

  private SpecialAddresses() {}

  private static List<Cidr> ranges(String... texts) {
    return Stream.of(texts).map(Cidr::of).toList();
  }

  /** Whether the address, 4 or 16 bytes, is special or embeds an IPv4 address that is. */
  static boolean contains(byte[] address) {
    byte[] inner = embedded(address);
    if (inner != null) {
      return contains(inner);
    }
    boolean unallocated = address.length == 16 && !GLOBAL_UNICAST.contains(address);
    return unallocated || SPECIAL.stream().anyMatch(range -> range.contains(address));
  }

  /** Whether the address, 4 or 16 bytes, is a loopback address. */
  static boolean isLoopback(byte[] address) {
    byte[] inner = embedded(address);
    return LOOPBACK.stream().anyMatch(range -> range.contains(inner == null ? address : inner));
  }

  /** The IPv4 address that an IPv6 address leads to; null if there is none. */
  static byte @Nullable [] embedded(byte[] address) {
    if (LAST_FOUR_BYTES.stream().anyMatch(range -> range.contains(address))) {
      return Arrays.copyOfRange(address, 12, 16);
    }
    return SIX_TO_FOUR.contains(address) ? Arrays.copyOfRange(address, 2, 6) : null;
  }
}
