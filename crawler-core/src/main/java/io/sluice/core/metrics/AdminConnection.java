package io.sluice.core.metrics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the admin port. It carries one request and its answer, and each of its steps may
 * take {@link #PATIENCE}:
 *
 * <ol>
 *   <li>It listens until a head, of at most 8 KiB, is complete.
 *   <li>It waits for the answer, which is produced elsewhere.
 *   <li>It sends the answer, and ends its side.
 *   <li>It reads and drops everything until the client ends, too: if it closed before, the system
 *       could discard an answer that the client has not read yet.
 * </ol>
 *
 * <p>Confined to the server's loop.
 */
final class AdminConnection {

  /**
   * Maximum time for each step: the client sends its request, the page is rendered, the client
   * reads it.
   */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int MAX_HEAD_BYTES = 8 << 10;
  private static final String HEAD_END = "\r\n\r\n";

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer read = ByteBuffer.allocate(MAX_HEAD_BYTES);
  private State state = State.LISTENING;
  private @Nullable ByteBuffer answer;
  private long deadlineNanos;

  private enum State {
    LISTENING,
    WAITING,
    SENDING,
    PARTING
  }

  /** Takes ownership of the channel. */
  AdminConnection(SocketChannel channel, SelectionKey key, long nowNanos) {
    this.channel = channel;
    this.key = key;
    this.deadlineNanos = nowNanos + PATIENCE.toNanos();
  }

  /** Whether no answer is owed to its client, so that it may be closed to make room for another. */
  boolean idle() {
    return state == State.LISTENING || state == State.PARTING;
  }

  /** Whether the current step has taken too long. */
  boolean late(long nowNanos) {
    return deadlineNanos - nowNanos <= 0;
  }

  /**
   * Reads or writes what the channel allows.
   *
   * @return a head that is now complete; null if there is none. {@link #answer} must follow
   * @throws IOException if the connection has ended, or must be ended
   */
  @Nullable String ready(long nowNanos) throws IOException {
    switch (state) {
      case LISTENING -> {
        return listen(nowNanos);
      }
      case WAITING -> {}
      case SENDING -> send();
      case PARTING -> part();
    }
    return null;
  }

  private @Nullable String listen(long nowNanos) throws IOException {
    if (channel.read(read) < 0) {
      throw new IOException("the client closed the connection without a request");
    }
    String head = new String(read.array(), 0, read.position(), StandardCharsets.ISO_8859_1);
    int end = head.indexOf(HEAD_END);
    if (end < 0 && read.hasRemaining()) {
      return null;
    }
    state = State.WAITING;
    deadlineNanos = nowNanos + PATIENCE.toNanos();
    key.interestOps(0);
    return end < 0 ? "" : head.substring(0, end);
  }

  /** Starts sending an answer; the rest follows when the channel is writable again. */
  void answer(ByteBuffer bytes, long nowNanos) throws IOException {
    state = State.SENDING;
    answer = bytes;
    deadlineNanos = nowNanos + PATIENCE.toNanos();
    key.interestOps(SelectionKey.OP_WRITE);
    send();
  }

  private void send() throws IOException {
    ByteBuffer rest = answer;
    if (rest != null) {
      channel.write(rest);
      if (!rest.hasRemaining()) {
        answer = null;
        channel.shutdownOutput();
        state = State.PARTING;
        key.interestOps(SelectionKey.OP_READ);
      }
    }
  }

  private void part() throws IOException {
    if (channel.read(read.clear()) < 0) {
      throw new IOException("the client has closed the connection too");
    }
  }

  void close() throws IOException {
    channel.close();
  }
}
