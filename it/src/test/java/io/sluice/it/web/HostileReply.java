package io.sluice.it.web;

/**
 * Bytes to send, and the action after they are sent. Immutable; the bytes are shared and never
 * written to.
 *
 * @param bytes the bytes to send at once
 * @param then the action after these bytes
 * @param tail the bytes that {@link Then#POUR} repeats; otherwise empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HostileReply(byte[] bytes, Then then, byte[] tail) {

  private static final byte[] NO_TAIL = {};

  HostileReply(byte[] bytes, Then then) {
    this(bytes, then, NO_TAIL);
  }

  /** The action after the bytes. */
  enum Then {
    /** Waits for the next request. */
    KEEP,
    /** Closes the connection in an orderly way. */
    CLOSE,
    /** Resets the connection (close with SO_LINGER 0). */
    RESET,
    /** Does nothing until the client closes the connection. */
    HOLD,
    /** Sends one more byte every tenth of a second, until the client closes. */
    DRIP,
    /**
     * Sends the tail repeatedly, as fast as the client reads, until the client closes the
     * connection.
     */
    POUR
  }
}
