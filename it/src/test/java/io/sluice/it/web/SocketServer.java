package io.sluice.it.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Accepts connections on one port and serves each on a daemon thread. Closing it closes them all.
 * Thread-safe: the connections are in a concurrent queue.
 */
final class SocketServer implements AutoCloseable {

  private static final int BACKLOG = 512;

  private final ServerSocket listener;
  private final Handler handler;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** Serves a connection, which is closed when it returns or fails. */
  @FunctionalInterface
  interface Handler {
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  /**
   * Binds the port; nothing is accepted yet.
   *
   * @param port 0 for any free one
   */
  SocketServer(InetAddress at, int port, Handler handler) throws IOException {
    this.handler = handler;
    listener = new ServerSocket(port, BACKLOG, at);
  }

  /** Starts accepting, on a thread with that name. */
  void start(String name) {
    Thread.ofPlatform().daemon().name(name).start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** How many connections were accepted. */
  int connections() {
    return sockets.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        Thread.ofPlatform().daemon().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      handler.serve(socket);
    } catch (IOException | InterruptedException e) {
      // The client has gone, or the server is closing.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
