package io.sluice.fetcher.http;

import io.sluice.fetcher.loop.Sweep;
import io.sluice.fetcher.reason.Reason;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply. It waits, is dialled for, or is on the wire; whichever it is, it ends
 * once, by {@link #end}, and lets go of what it holds.
 *
 * <p>Confined to its pool's event loop.
 */
final class Exchange implements Sweep.Timed {
  final HttpRequest request;
  final Origin origin;
  final String head;
  final CompletableFuture<HttpReply> reply = new CompletableFuture<>();

  private final ConnectionPool pool;

  /** What is under way for it; null while it waits for a connection, and once it has ended. */
  private @Nullable Dial dial;

  private @Nullable HttpConnection connection;

  /** Whether a reused connection already failed it: the second one is new. */
  private boolean retried;

  private boolean ended;

  Exchange(ConnectionPool pool, HttpRequest request) {
    this.pool = pool;
    this.request = request;
    this.origin = Origin.of(request.url());
    this.head = request.heads().head(request.url());
  }

  boolean ended() {
    return ended;
  }

  boolean onTheWire() {
    return connection != null;
  }

  boolean retried() {
    return retried;
  }

  void dialling(Dial dial) {
    this.dial = dial;
  }

  /** A connection has been found; it is told to send. */
  void sendOn(HttpConnection connection) {
    this.dial = null;
    this.connection = connection;
    connection.send(this);
  }

  /** The connection was stale: the host had closed it before it read the request. */
  void startOver() {
    connection = null;
    retried = true;
  }

  @Override
  public long deadlineNanos() {
    HttpConnection current = connection;
    if (current == null) {
      return request.deadlineNanos();
    }
    long phase = current.phaseDeadlineNanos();
    return phase - request.deadlineNanos() < 0 ? phase : request.deadlineNanos();
  }

  @Override
  public void expire() {
    HttpConnection current = connection;
    boolean total = request.deadlineNanos() - System.nanoTime() <= 0;
    fail(total || current == null ? Reason.TOTAL_TIMEOUT : current.phaseTimeout());
  }

  /** Ends it without a response; its connection, if any, closes. */
  void fail(Reason reason) {
    if (connection != null && reason.mayPass() && connection.failsForMemory(reason)) {
      end(new HttpReply.HeldUp());
      return;
    }
    String ip = connection != null ? connection.ip() : dial != null ? dial.ip() : null;
    end(new HttpReply.Failed(reason, ip, connection != null));
  }

  /** Ends it because somebody wants it to end; its connection, if any, closes. */
  void cancel() {
    end(new HttpReply.Cancelled(connection != null));
  }

  /** Ends it, the first time it is called, and releases what it still holds. */
  void end(HttpReply result) {
    if (ended) {
      return;
    }
    ended = true;
    HttpConnection heldConnection = connection;
    Dial heldDial = dial;
    connection = null;
    dial = null;
    pool.ended(this);
    if (heldDial != null) {
      heldDial.abandon();
    }
    if (heldConnection != null) {
      heldConnection.abandon(this);
    }
    reply.complete(result);
  }
}
