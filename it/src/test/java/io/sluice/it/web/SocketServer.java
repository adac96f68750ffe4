package io.sluice.it.web;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Accepts connections on one port and serves each on a daemon thread. Closing the server closes all
 * of them. Thread-safe: the connections are in a concurrent queue.
 */
final class SocketServer implements AutoCloseable {

  private static final int BACKLOG = 512;

  private final ServerSocket listener;
  private final Handler handler;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** Serves a connection, which is closed when the handler returns or fails. */
  @FunctionalInterface
  interface Handler {
    void serve(Socket socket) throws IOException, InterruptedException;
  }

  /**
   * Binds the port, but does not accept connections yet.
   *
   * @param port 0 for any free one
   */
  SocketServer(InetAddress at, int port, Handler handler) throws IOException {
    this.handler = handler;
    listener = new ServerSocket(port, BACKLOG, at);
  }

  /** Starts accepting connections, on a thread with the given name. */
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
      // The client has closed the connection, or the server is closing.
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
