package io.sluice.fetcher.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server on loopback that sends exactly the bytes that a test's script defines. Each connection
 * runs the script on a thread of its own; closing the server ends all of them.
 *
 * <p>Thread-safe.
 */
public final class HostileServer implements AutoCloseable {
  private static final int JOIN_MILLIS = 2000;

  private final ServerSocket listener;
  private final Script script;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  private HostileServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
    start("accept", this::accept);
  }

  /** Starts a server on a free port of 127.0.0.1. */
  public static HostileServer start(Script script) {
    return start(ServerSocketFactory.getDefault(), script);
  }

  /** Starts a server with sockets from the given factory, such as one for TLS. */
  public static HostileServer start(ServerSocketFactory factory, Script script) {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      return new HostileServer(factory.createServerSocket(0, 256, loopback), script);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts a server that answers every request with the same bytes. */
  public static HostileServer answering(String response) {
    return start(
        talk -> {
          while (talk.nextRequest() != null) {
            talk.send(response);
          }
        });
  }

  /** A response with a Content-Length. */
  public static String response(int status, String body, String... fields) {
    StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Some Reason\r\n");
    for (String field : fields) {
      text.append(field).append("\r\n");
    }
    return text + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** The port that the server listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** A URL of the server. */
  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** The heads of the requests so far, in the order of their arrival. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Number of connections that the server has accepted. */
  public int connections() {
    return sockets.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        start("connection", () -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      script.talk(new Talk(socket));
    } catch (IOException | InterruptedException e) {
      // The client has closed the connection, or the server is closing.
    }
  }

  private void start(String name, Runnable task) {
    Thread thread = new Thread(task, "hostile-server-" + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      for (Thread thread : threads) {
        thread.join(JOIN_MILLIS);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a server sends on one connection, which closes when the script ends. */
  public interface Script {
    /** Serves one connection. */
    void talk(Talk talk) throws IOException, InterruptedException;
  }

  /** One connection. Confined to its thread. */
  public final class Talk {
    private final Socket socket;
    private final InputStream in;

    private Talk(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
      socket.setTcpNoDelay(true);
    }

    /** Reads a request's head; null if the client has closed the connection. */
    public @Nullable String nextRequest() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return null;
        }
        head.append((char) next);
      }
      String request = head.toString();
      requests.add(request);
      return request;
    }

    /** Waits for bytes and reads those that have arrived, each byte as a character. */
    public String nextBytes() throws IOException {
      byte[] bytes = new byte[4096];
      int count = in.read(bytes);
      return new String(bytes, 0, Math.max(count, 0), StandardCharsets.ISO_8859_1);
    }

    /** The path and query of a request's head. */
    public String path(String request) {
      return request.split(" ", 3)[1];
    }

    /** Sends text, each character as a byte. */
    public void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends bytes. */
    public void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Sends a text byte by byte, with a pause before each, until the client closes. */
    public void drip(String text, int pauseMillis) throws IOException, InterruptedException {
      for (int i = 0; i < text.length() && !pause(pauseMillis); i++) {
        send(text.substring(i, i + 1));
      }
    }

    /** Ends the output; over TLS this sends close_notify, and the TCP connection stays open. */
    public void endOutput() throws IOException {
      socket.shutdownOutput();
    }

    /** Closes with a TCP reset instead of an orderly end. */
    public void reset() throws SocketException, IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Sends nothing until the client closes or the server is closed. */
    public void stall() throws IOException {
      while (in.read() >= 0) {
        // Whatever it says.
      }
    }

    /** Waits; returns true if the server is closing. */
    public boolean pause(int millis) throws InterruptedException {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    }
  }
}
