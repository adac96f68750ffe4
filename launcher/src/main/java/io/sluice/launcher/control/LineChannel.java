package io.sluice.launcher.control;

import io.sluice.core.lifecycle.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Exchanges one bounded line each way over a socket, each with a deadline. Borrows the socket and
 * the selector, which the caller may wake up so that the deadline is checked. Confined to one
 * thread.
 */
final class LineChannel {

  /** Maximum length of a line, in bytes: one URL with all of its redirects fits. */
  static final int MAX_LINE_BYTES = 4 << 20;

  private final SocketChannel socket;
  private final Selector selector;
  private final SelectionKey key;

  /** Makes the socket non-blocking. */
  LineChannel(SocketChannel socket, Selector selector) throws IOException {
    this.socket = socket;
    this.selector = selector;
    socket.configureBlocking(false);
    this.key = socket.register(selector, 0);
  }

  /**
   * Reads a line, without its terminator. Bytes after the line may be read, too, and are lost.
   *
   * @throws EOFException if the other side closed the connection before the end of the line
   * @throws InterruptedIOException if the deadline passed first
   * @throws IOException if the line is longer than {@link #MAX_LINE_BYTES}, or the socket failed
   */
  String read(Deadline deadline) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    while (true) {
      int read = socket.read(buffer);
      if (read < 0) {
        throw new EOFException("the connection ended");
      }
      if (read == 0) {
        await(SelectionKey.OP_READ, deadline);
      }
      int end = indexOfLineFeed(buffer);
      line.write(buffer.array(), 0, end < 0 ? buffer.position() : end);
      if (line.size() > MAX_LINE_BYTES) {
        throw new IOException("the line is longer than " + MAX_LINE_BYTES + " bytes");
      }
      if (end >= 0) {
        return line.toString(StandardCharsets.UTF_8);
      }
      buffer.clear();
    }
  }

  private static int indexOfLineFeed(ByteBuffer buffer) {
    for (int i = 0; i < buffer.position(); i++) {
      if (buffer.get(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  /**
   * Writes a line and its terminator.
   *
   * @throws InterruptedIOException if the deadline passed before the socket accepted the whole line
   */
  void write(String line, Deadline deadline) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      if (socket.write(bytes) == 0) {
        await(SelectionKey.OP_WRITE, deadline);
      }
    }
  }

  private void await(int operation, Deadline deadline) throws IOException {
    if (deadline.passed()) {
      throw new InterruptedIOException("the other side took too long");
    }
    key.interestOps(operation);
    selector.select(Math.max(1, deadline.left().toMillis()));
    selector.selectedKeys().clear();
    key.interestOps(0);
  }
}
