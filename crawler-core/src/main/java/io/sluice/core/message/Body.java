package io.sluice.core.message;

/**
 * A response body's bytes as the server sent them, with the content coding still applied. The array
 * is handed over: the creator of a body must not touch it again, and readers must not change it.
 * Effectively immutable.
 */
public final class Body {

  /** No bytes. */
  public static final Body EMPTY = new Body(new byte[0]);

  private final byte[] bytes;

  private Body(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes ownership of {@code bytes}. */
  public static Body of(byte[] bytes) {
    return new Body(bytes);
  }

  /** The bytes, not copied: read only. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of bytes. */
  public int size() {
    return bytes.length;
  }
}
