package io.sluice.core.address;

import io.netty.util.NetUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A range of addresses of one family: {@code 10.0.0.0/8}, {@code fc00::/7}, or a single address
 * (RFC 4632, RFC 4291). Immutable.
 */
final class Cidr {
  private final byte[] prefix;
  private final int bits;

  private Cidr(byte[] prefix, int bits) {
    this.prefix = prefix;
    this.bits = bits;
  }

  /**
   * Reads the text form. Bits beyond the prefix are ignored.
   *
   * @throws IllegalArgumentException if the text is not a range
   */
  static Cidr of(String text) {
    int slash = text.indexOf('/');
    byte @Nullable [] address =
        NetUtil.createByteArrayFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          "not an IP address or CIDR range such as 10.0.0.0/8: " + text);
    }
    int width = address.length * 8;
    int bits = slash < 0 ? width : Integer.parseInt(text, slash + 1, text.length(), 10);
    if (bits < 0 || bits > width) {
      throw new IllegalArgumentException(
          "not an IP address or CIDR range such as 10.0.0.0/8: " + text);
    }
    return new Cidr(address, bits);
  }

  /** Whether the range contains the address, 4 or 16 bytes; false for one of the other family. */
  boolean contains(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ prefix[whole]) & 0xFF) >>> (8 - rest) == 0;
  }
}
