package io.sluice.it.web;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hosts below {@code .test} on one loopback port that answer as a script says, at whatever pace. It
 * logs each URL that was asked for, robots.txt files excepted, which do not exist.
 *
 * <p>Thread-safe: a thread for each connection, the logs are concurrent queues.
 */
public final class ScriptedWeb implements AutoCloseable {

  private final ServerSocket listener;
  private final DnsResponder dns;
  private final Script script;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  private ScriptedWeb(Script script) throws IOException {
    this.script = script;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    dns = DnsResponder.answering(".test", loopback);
    listener = new ServerSocket(0, 512, loopback);
    Thread.ofPlatform().daemon().name("scripted-web").start(this::accept);
  }

  /** Starts a web; the caller closes it. */
  public static ScriptedWeb start(Script script) throws IOException {
    return new ScriptedWeb(script);
  }

  /** The port that serves every host. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The name server that knows the hosts, as {@code address:port}. */
  public String nameServer() {
    return dns.address();
  }

  /** A URL of a host, of which {@code .test} is added. */
  public String url(String host, String path) {
    return "http://" + host + ".test:" + port() + path;
  }

  /** How often each URL was asked for. */
  public Map<String, Long> asked() {
    return asked.stream().collect(Collectors.groupingBy(url -> url, Collectors.counting()));
  }

  /** How many connections were accepted. */
  public int connections() {
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
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (List<String> head = head(in); head != null; head = head(in)) {
        answer(head, socket.getOutputStream());
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, or the web is closing.
    }
  }

  private void answer(List<String> head, OutputStream out)
      throws IOException, InterruptedException {
    String path = head.getFirst().split(" ", 3)[1];
    String host =
        head.stream()
            .filter(line -> line.regionMatches(true, 0, "host:", 0, 5))
            .map(line -> line.substring(5).strip())
            .findFirst()
            .orElse("");
    Talk talk = new Talk(host.split("\\.", 2)[0], path, out);
    if (path.equals("/robots.txt")) {
      talk.head(404, "text/plain", 0);
    } else {
      asked.add("http://" + host + path);
      script.answer(talk);
    }
    out.flush();
  }

  private static @Nullable List<String> head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.append((char) next);
    }
    return head.toString().lines().toList();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    dns.close();
  }

  /** What the hosts answer. */
  @FunctionalInterface
  public interface Script {
    /** Answers one request. */
    void answer(Talk talk) throws IOException, InterruptedException;
  }

  /** One request and its answer. Confined to its connection's thread. */
  public final class Talk {
    private final String host;
    private final String path;
    private final OutputStream out;

    private Talk(String host, String path, OutputStream out) {
      this.host = host;
      this.path = path;
      this.out = out;
    }

    /** The host's first label. */
    public String host() {
      return host;
    }

    /** The path and query. */
    public String path() {
      return path;
    }

    /** A URL of another host of this web. */
    public String peer(String other, String otherPath) {
      return url(other, otherPath);
    }

    /** Answers with a page that links these. */
    public void links(List<String> hrefs) throws IOException {
      String links =
          hrefs.stream()
              .map(href -> "<a href=\"" + href + "\">x</a>")
              .collect(Collectors.joining(" "));
      byte[] page = ("<!DOCTYPE html><title>x</title>" + links).getBytes(StandardCharsets.UTF_8);
      head(200, "text/html", page.length);
      out.write(page);
    }

    /** Begins an answer. */
    public void head(int status, String type, long length) throws IOException {
      String head =
          "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(status, type, length);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Sends so many bytes, so many at a time, with a pause after each piece. */
    public void body(long bytes, int piece, int pauseMillis)
        throws IOException, InterruptedException {
      byte[] some = new byte[piece];
      for (long left = bytes; left > 0; left -= piece) {
        out.write(some, 0, (int) Math.min(piece, left));
        out.flush();
        pause(pauseMillis);
      }
    }

    /** Lets time pass. */
    public void pause(int millis) throws InterruptedException {
      if (millis > 0 && closing.await(millis, TimeUnit.MILLISECONDS)) {
        throw new InterruptedException("closing");
      }
    }
  }
}
