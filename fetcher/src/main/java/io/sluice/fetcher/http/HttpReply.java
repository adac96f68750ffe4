package io.sluice.fetcher.http;

import io.sluice.fetcher.reason.Reason;
import org.jspecify.annotations.Nullable;

/** What came of a request. */
public sealed interface HttpReply {
  /** Whether the host noticed: a connection to it was at least tried. */
  boolean touchedHost();

  /**
   * There is a response.
   *
   * @param memory what its body has of the budget; the receiver lets it go when it holds the body
   *     no more
   */
  record Answered(Response response, BodyMemory memory) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return true;
    }
  }

  /** The guard refused each of the host's addresses; no connection was tried. */
  record Refused(Reason reason) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return false;
    }
  }

  /** None of the host's addresses may be asked now; no connection was tried. */
  record Busy() implements HttpReply {
    @Override
    public boolean touchedHost() {
      return false;
    }
  }

  /**
   * Its body had to wait for memory, and time or the host's patience ended meanwhile. That says
   * nothing of the host.
   */
  record HeldUp() implements HttpReply {
    @Override
    public boolean touchedHost() {
      return true;
    }
  }

  /**
   * There is no usable response.
   *
   * @param ip the address that was asked; null where there was none yet
   * @param sent whether the request was sent
   */
  record Failed(Reason reason, @Nullable String ip, boolean sent) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return ip != null;
    }
  }

  /**
   * The client was told to cancel it.
   *
   * @param sent whether the request was on the wire, and its connection was closed for that
   */
  record Cancelled(boolean sent) implements HttpReply {
    @Override
    public boolean touchedHost() {
      return sent;
    }
  }
}
