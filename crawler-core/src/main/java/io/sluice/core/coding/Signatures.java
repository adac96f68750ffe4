package io.sluice.core.coding;

/** Recognizes formats by their first bytes. Thread-safe: stateless. */
final class Signatures {

  /** Maximum number of bytes examined to tell text from binary data (MIME Sniffing, 5.2). */
  private static final int HEADER = 1445;

  private Signatures() {}

  static boolean gzip(byte[] bytes, int size) {
    return size >= 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
  }

  /** Whether the bytes begin with a zstd frame or a skippable frame (RFC 8878, 3.1). */
  static boolean zstd(byte[] bytes, int size) {
    if (size < 4) {
      return false;
    }
    boolean frame = bytes[0] == 0x28 && bytes[1] == (byte) 0xb5;
    boolean skippable = (bytes[0] & 0xf0) == 0x50 && bytes[1] == 0x2a;
    return (frame && bytes[2] == 0x2f && bytes[3] == (byte) 0xfd)
        || (skippable && bytes[2] == 0x4d && bytes[3] == 0x18);
  }

  /** Whether the first bytes contain no binary data byte (MIME Sniffing, 3). */
  static boolean text(byte[] bytes, int size) {
    for (int i = 0; i < Math.min(size, HEADER); i++) {
      int b = bytes[i] & 0xff;
      if (b <= 0x08 || b == 0x0b || (b >= 0x0e && b <= 0x1a) || (b >= 0x1c && b <= 0x1f)) {
        return false;
      }
    }
    return true;
  }
}
