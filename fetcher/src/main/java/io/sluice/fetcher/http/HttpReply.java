package io.sluice.fetcher.http;

import io.sluice.core.lease.Reason;
import org.jspecify.annotations.Nullable;

/** The result of a request. */
public sealed interface HttpReply {
  /** Whether the host was contacted: at least one connection to it was tried. */
  boolean touchedHost();

  /**
   * A response was received.
   *
   * @param memory the body's share of the budget; the receiver releases it together with the body
   */
  record Answered(Response response, BodyMemory memory) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return true;
    }
  }

  /**
   * The received part of a response that ended before its body was complete.
   *
   * @param memory as in {@link Answered}
   */
  record Part(Response response, BodyMemory memory) {}

  /** The guard refused each of the host's addresses; no connection was tried. */
  record Refused(Reason reason) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return false;
    }
  }

  /** No request may be sent to any of the host's reachable addresses now; nothing was sent. */
  record Busy() implements HttpReply {
    @Override
    public boolean touchedHost() {
      return false;
    }
  }

  /**
   * The body had to wait for memory, and meanwhile the visit's time or the host's patience ran out.
   * The host is not at fault.
   */
  record HeldUp() implements HttpReply {
    @Override
    public boolean touchedHost() {
      return true;
    }
  }

  /**
   * No usable response was received.
   *
   * @param ip the address that was contacted last; null if there was none yet
   * @param sent whether the request was sent
   * @param part the received part of the response, if it has a whole head and exchanges are
   *     archived; else null
   */
  record Failed(Reason reason, @Nullable String ip, boolean sent, @Nullable Part part)
      implements HttpReply {

    /** Creates a failure without any part of a response. */
    public Failed(Reason reason, @Nullable String ip, boolean sent) {
      this(reason, ip, sent, null);
    }

    @Override
    public boolean touchedHost() {
      return ip != null;
    }
  }

  /**
   * The request was cancelled by the client.
   *
   * @param sent whether the request was on the wire, so that its connection had to be closed
   */
  record Cancelled(boolean sent) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return sent;
    }
  }
}
