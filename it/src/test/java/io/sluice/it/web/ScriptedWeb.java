package io.sluice.it.web;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hosts below {@code .test} on one port that answer as a script defines, at any pace. It logs each
 * requested URL, except for robots.txt files.
 *
 * <p>Thread-safe: each connection has a thread, and the logs are concurrent queues.
 */
public final class ScriptedWeb implements AutoCloseable {

  private final SocketServer server;
  private final DnsResponder dns;
  private final Script robots;
  private final Script script;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final PolitenessOracle oracle;

  private ScriptedWeb(InetAddress at, int port, Names names, Script robots, Script script)
      throws IOException {
    this.robots = robots;
    this.script = script;
    dns = DnsResponder.on(at, names);
    oracle = new PolitenessOracle(dns.address());
    server = new SocketServer(at, port, this::serve);
    server.start("scripted-web");
  }

  /** Starts a web on loopback without robots.txt files; the caller closes it. */
  public static ScriptedWeb start(Script script) throws IOException {
    return start(script, 0);
  }

  /** Starts a web on a given port; 0 for any free one. */
  public static ScriptedWeb start(Script script, int port) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new ScriptedWeb(
        loopback, port, name -> known(name, loopback), ScriptedWeb::absent, script);
  }

  /** Starts a web on loopback with a script of its own for robots.txt; the caller closes it. */
  public static ScriptedWeb start(Script robots, Script script) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return start(loopback, name -> known(name, loopback), robots, script);
  }

  /** Starts a web on an address of this machine, with names of its own; the caller closes it. */
  public static ScriptedWeb start(InetAddress at, Names names, Script robots, Script script)
      throws IOException {
    return new ScriptedWeb(at, 0, names, robots, script);
  }

  /** Answers that the page does not exist. */
  public static void absent(Talk talk) throws IOException {
    talk.head(404, "text/plain", 0);
  }

  /** Returns the given address for any name below {@code .test}; no other name exists. */
  public static Names.Answer known(String name, InetAddress at) {
    return name.endsWith(".test") ? Names.at(at) : Names.absent();
  }

  /** The port that serves every host. */
  public int port() {
    return server.port();
  }

  /** The name server that knows the hosts, as {@code address:port}. */
  public String nameServer() {
    return dns.address();
  }

  /** Returns a URL of a host, to whose name {@code .test} is appended. */
  public String url(String host, String path) {
    return "http://" + host + ".test:" + port() + path;
  }

  /** Number of requests for each URL. */
  public Map<String, Long> asked() {
    return asked.stream().collect(Collectors.groupingBy(url -> url, Collectors.counting()));
  }

  /** Number of accepted connections. */
  public int connections() {
    return server.connections();
  }

  private void serve(Socket socket) throws IOException, InterruptedException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    for (int first = in.read(); first >= 0; first = in.read()) {
      PolitenessOracle.Ask ask = oracle.asked(socket.getLocalAddress());
      RequestHead head = RequestHead.read(first, in);
      if (head == null) {
        return;
      }
      answer(head, ask, socket);
    }
  }

  private void answer(RequestHead head, PolitenessOracle.Ask ask, Socket socket)
      throws IOException, InterruptedException {
    OutputStream out = socket.getOutputStream();
    String path = head.path();
    String host = head.field("host");
    ask.to(host);
    LastByteLast held = new LastByteLast(out);
    Talk talk = new Talk(host.split("\\.", 2)[0], path, head.field("cookie"), socket, held);
    if (path.equals("/robots.txt")) {
      robots.answer(talk);
    } else {
      asked.add("http://" + host + path);
      script.answer(talk);
    }
    ask.answers(talk.retryAfter);
    held.end();
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    server.close();
    dns.close();
    oracle.check();
  }

  /** The oracle that judges crawls of this web. */
  public PolitenessOracle oracle() {
    return oracle;
  }

  /**
   * Holds back the last byte of a response, so that the oracle can stamp its end before that byte
   * is sent.
   */
  private static final class LastByteLast extends OutputStream {
    private final OutputStream out;
    private int last = -1;

    LastByteLast(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int octet) throws IOException {
      write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      if (count == 0) {
        return;
      }
      if (last >= 0) {
        out.write(last);
      }
      out.write(bytes, from, count - 1);
      last = bytes[from + count - 1] & 0xFF;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    /** Sends the last byte. */
    void end() throws IOException {
      if (last >= 0) {
        out.write(last);
      }
      out.flush();
    }
  }

  /** Defines what the hosts answer. */
  @FunctionalInterface
  public interface Script {
    /** Answers one request. */
    void answer(Talk talk) throws IOException, InterruptedException;
  }

  /** One request and its answer. Confined to its connection's thread. */
  public final class Talk {
    private final String host;
    private final String path;
    private final String cookies;
    private final Socket socket;
    private final OutputStream out;
    private @Nullable Duration retryAfter;

    private Talk(String host, String path, String cookies, Socket socket, OutputStream out) {
      this.host = host;
      this.path = path;
      this.cookies = cookies;
      this.socket = socket;
      this.out = out;
    }

    /** Answers with a Retry-After of the given number of seconds. */
    public void busy(int seconds) throws IOException {
      retryAfter = Duration.ofSeconds(seconds);
      String head =
          "HTTP/1.1 503 X\r\nRetry-After: %d\r\nContent-Length: 0\r\n\r\n".formatted(seconds);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The host's first label. */
    public String host() {
      return host;
    }

    /** The path and query. */
    public String path() {
      return path;
    }

    /** The value of the request's Cookie field; empty if the field is missing. */
    public String cookies() {
      return cookies;
    }

    /** Returns a URL of another host of this web. */
    public String peer(String other, String otherPath) {
      return url(other, otherPath);
    }

    /** Answers with a page that has the given links. */
    public void links(List<String> hrefs) throws IOException {
      String links =
          hrefs.stream()
              .map(href -> "<a href=\"" + href + "\">x</a>")
              .collect(Collectors.joining(" "));
      byte[] page = ("<!DOCTYPE html><title>x</title>" + links).getBytes(StandardCharsets.UTF_8);
      head(200, "text/html", page.length);
      out.write(page);
    }

    /** Answers with plain text. */
    public void text(String text) throws IOException {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      head(200, "text/plain", bytes.length);
      out.write(bytes);
    }

    /** Sends the text as the whole response, one byte for each character. */
    public void raw(String response) throws IOException {
      out.write(response.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Answers with a redirect that sets cookies. */
    public void redirect(String location, String... cookies) throws IOException {
      StringBuilder fields = new StringBuilder();
      for (String cookie : cookies) {
        fields.append("Set-Cookie: ").append(cookie).append("\r\n");
      }
      String head =
          "HTTP/1.1 302 X\r\nLocation: %s\r\n%sContent-Length: 0\r\n\r\n"
              .formatted(location, fields);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Resets the connection instead of answering. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Begins an answer. */
    public void head(int status, String type, long length) throws IOException {
      String head =
          "HTTP/1.1 %d X\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(status, type, length);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Answers with a whole page in a content coding. */
    public void coded(String type, String coding, byte[] body) throws IOException {
      String head =
          "HTTP/1.1 200 X\r\nContent-Type: %s\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(type, coding, body.length);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
    }

    /** Answers with a body whose length is not announced, as {@link #body} sends it. */
    public void unannounced(String type, long bytes, int piece, int pauseMillis)
        throws IOException, InterruptedException {
      String head =
          "HTTP/1.1 200 X\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n"
              .formatted(type);
      out.write(head.getBytes(StandardCharsets.ISO_8859_1));
      byte[] some = new byte[piece];
      for (long left = bytes; left > 0; left -= piece) {
        int length = (int) Math.min(piece, left);
        out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        out.write(some, 0, length);
        out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        pause(pauseMillis);
      }
      out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }

    /** Sends a body in pieces, with a pause after each piece. */
    public void body(long bytes, int piece, int pauseMillis)
        throws IOException, InterruptedException {
      byte[] some = new byte[piece];
      for (long left = bytes; left > 0; left -= piece) {
        out.write(some, 0, (int) Math.min(piece, left));
        out.flush();
        pause(pauseMillis);
      }
    }

    /** Waits until the test releases the answer, or the web closes. */
    public void await(CountDownLatch goesOn) throws InterruptedException {
      while (!goesOn.await(10, TimeUnit.MILLISECONDS)) {
        pause(1);
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
