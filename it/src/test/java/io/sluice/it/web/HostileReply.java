package io.sluice.it.web;

/**
 * Bytes to send, and what to do then. Immutable; the bytes are shared and never written to.
 *
 * @param bytes what is sent at once
 * @param then what follows
 * @param tail what {@link Then#POUR} pours; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record HostileReply(byte[] bytes, Then then, byte[] tail) {

  private static final byte[] NO_TAIL = {};

  HostileReply(byte[] bytes, Then then) {
    this(bytes, then, NO_TAIL);
  }

  /** What follows the bytes. */
  enum Then {
    /** The next request may come. */
    KEEP,
    /** An orderly end of the connection. */
    CLOSE,
    /** SO_LINGER 0 and close: a reset. */
    RESET,
    /** Nothing, until the client goes. */
    HOLD,
    /** One more byte every tenth of a second, until the client goes. */
    DRIP,
    /** The tail again and again, as fast as the client reads, until it goes. */
    POUR
  }
}
