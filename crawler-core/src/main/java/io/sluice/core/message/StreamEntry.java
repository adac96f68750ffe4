package io.sluice.core.message;

import io.sluice.core.lease.LeaseId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The three fields of a message in a Redis stream: {@code k} the lease, {@code h} the header (JSON,
 * UTF-8), and the payload, which is {@code b} of a page (its body) and {@code l} of an outcome (its
 * links). docs/wire-protocol.md describes them. The arrays are handed over: neither side changes
 * them afterwards. Effectively immutable.
 */
public final class StreamEntry {

  /**
   * Approximate overhead of an entry in Redis beyond its fields' bytes: node, index, pending entry.
   */
  private static final int OVERHEAD_BYTES = 192;

  private final byte[] lease;
  private final byte[] header;
  private final byte[] payload;

  /** Takes ownership of the arrays; an absent field is an empty array. */
  public StreamEntry(byte[] lease, byte[] header, byte[] payload) {
    this.lease = lease;
    this.header = header;
    this.payload = payload;
  }

  static StreamEntry of(LeaseId lease, byte[] header, byte[] payload) {
    return new StreamEntry(lease.toString().getBytes(StandardCharsets.US_ASCII), header, payload);
  }

  /** The bytes of {@code k}: read only. */
  public byte[] lease() {
    return lease;
  }

  /** The bytes of {@code h}: read only. */
  public byte[] header() {
    return header;
  }

  /** The bytes of {@code b} or {@code l}: read only. */
  public byte[] payload() {
    return payload;
  }

  /** Approximate size of this entry in Redis, in bytes. */
  public long occupies() {
    return (long) lease.length + header.length + payload.length + OVERHEAD_BYTES;
  }

  /** The lease that {@code k} names; null if it names none. */
  @Nullable LeaseId leaseId() {
    return lease.length > 32 ? null : LeaseId.parse(new String(lease, StandardCharsets.US_ASCII));
  }
}
