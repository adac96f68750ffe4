package io.sluice.fetcher.http;

import io.sluice.core.lease.Reason;
import io.sluice.fetcher.loop.DeadlineSweep;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request and its reply. An exchange waits for a connection, has one dialled, or is on the
 * wire. It ends once, by {@link #end}, which releases what it holds.
 *
 * <p>Confined to its pool's event loop.
 */
final class Exchange implements DeadlineSweep.Timed {
  final HttpRequest request;
  final Origin origin;
  final String head;
  final CompletableFuture<HttpReply> reply = new CompletableFuture<>();

  private final ConnectionPool pool;
  private final LaneContext context;

  /** Time allowed to the exchange when it began. */
  private final long allowedNanos;

  /** The dial in progress for this exchange; null if there is none. */
  private @Nullable Dial dial;

  private @Nullable HttpConnection connection;

  /** The response that the connection receives; null before the request is sent. */
  private @Nullable ResponseAssembly response;

  /** Remaining time to the response's first byte. */
  private long firstByteNanos;

  private boolean ended;

  Exchange(ConnectionPool pool, HttpRequest request) {
    this.pool = pool;
    this.context = pool.context();
    this.request = request;
    this.allowedNanos = Math.max(0, request.deadlineNanos() - context.nanoTime());
    this.origin = Origin.of(request.url());
    this.head = request.heads().head(request.url());
    this.firstByteNanos = request.terms().firstByteNanos();
  }

  boolean ended() {
    return ended;
  }

  boolean onTheWire() {
    return connection != null;
  }

  /**
   * Maximum time from now to the response's first byte, in addition to the timeouts of the phases.
   */
  long firstByteNanos() {
    return firstByteNanos;
  }

  /** Deducts elapsed time from {@link #firstByteNanos}. */
  void spend(long nanos) {
    if (firstByteNanos != Long.MAX_VALUE) {
      firstByteNanos = Math.max(0, firstByteNanos - nanos);
    }
  }

  void dialling(Dial dial) {
    this.dial = dial;
  }

  /** Sends the request on a connection that was found. */
  void sendOn(HttpConnection connection) {
    this.dial = null;
    this.connection = connection;
    this.response = connection.send(this);
  }

  @Override
  public long deadlineNanos() {
    ResponseAssembly current = response;
    if (current == null) {
      return request.deadlineNanos();
    }
    long phase = current.deadlineNanos();
    long total = totalDeadlineNanos();
    return phase - total < 0 ? phase : total;
  }

  /**
   * The request's deadline, extended by the time that the body has waited for memory, which at most
   * doubles the allowed time.
   */
  private long totalDeadlineNanos() {
    ResponseAssembly current = response;
    long waited = current == null ? 0 : Math.min(current.heldUpNanos(), allowedNanos);
    return request.deadlineNanos() + waited;
  }

  @Override
  public void expire() {
    ResponseAssembly current = response;
    boolean total = totalDeadlineNanos() - context.nanoTime() <= 0;
    fail(total || current == null ? Reason.TOTAL_TIMEOUT : current.timeout());
  }

  /** Ends the exchange without a response; its connection, if any, closes. */
  void fail(Reason reason) {
    if (response != null && reason.mayPass() && response.failsForMemory(reason)) {
      end(new HttpReply.HeldUp());
      return;
    }
    String ip = connection != null ? connection.ip() : dial != null ? dial.ip() : null;
    HttpReply.Part part = response == null ? null : response.takePart();
    end(new HttpReply.Failed(reason, ip, connection != null, part));
  }

  /** Cancels the exchange; its connection, if any, closes. */
  void cancel() {
    end(new HttpReply.Cancelled(connection != null));
  }

  /** Ends the exchange, unless it has ended, and releases the resources that it holds. */
  void end(HttpReply result) {
    if (ended) {
      return;
    }
    ended = true;
    HttpConnection heldConnection = connection;
    Dial heldDial = dial;
    connection = null;
    response = null;
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
