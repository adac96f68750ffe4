package io.sluice.it.web;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Serves the cases of the field corpus as bytes, each on its own host. It reads only a request's
 * path, host and cookie, and closes the connection after each answer. Paths that are missing from a
 * case are plain pages, except for robots.txt. It logs each requested URL.
 *
 * <p>Thread-safe: each connection has a thread, and the log is a concurrent queue.
 */
public final class FieldWeb implements AutoCloseable {

  private static final byte[] OTHER =
      ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n"
              + "<title>other</title>")
          .getBytes(StandardCharsets.US_ASCII);

  private static final byte[] ABSENT =
      "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SocketServer server;
  private final DnsResponder dns;
  private final PolitenessOracle oracle;
  private final Map<String, FieldCase> byHost;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private FieldWeb(List<FieldCase> cases) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    byHost = cases.stream().collect(Collectors.toMap(FieldCase::host, one -> one));
    dns = DnsResponder.on(loopback, name -> ScriptedWeb.known(name, loopback));
    oracle = new PolitenessOracle(dns.address());
    server = new SocketServer(loopback, 0, this::serve);
    server.start("field-web");
  }

  /** Starts a web with the given cases on loopback; the caller closes it. */
  public static FieldWeb start(List<FieldCase> cases) throws IOException {
    return new FieldWeb(cases);
  }

  /** The port that serves every host. */
  public int port() {
    return server.port();
  }

  /** The name server that knows the hosts, as {@code address:port}. */
  public String nameServer() {
    return dns.address();
  }

  /** Returns the URL of a path of a case. */
  public String url(FieldCase one, String path) {
    return "http://" + one.host() + ":" + port() + path;
  }

  /** The requested URLs, in order. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    int first = in.read();
    if (first < 0) {
      return;
    }
    PolitenessOracle.Ask ask = oracle.asked(socket.getLocalAddress());
    RequestHead head = RequestHead.read(first, in);
    if (head != null) {
      String path = head.path();
      String host = head.field("host");
      asked.add("http://" + host + path);
      boolean cookie = !head.field("cookie").isEmpty();
      ask.to(host);
      ask.answers(); // called before the answer is sent, so that its end is not dated too late
      socket.getOutputStream().write(answer(host.split(":", 2)[0], path, cookie));
      socket.shutdownOutput();
    }
  }

  private byte[] answer(String host, String path, boolean cookie) {
    FieldCase one = byHost.get(host);
    Map<String, byte[]> answers = one == null ? Map.of() : one.answers();
    byte[] answer = cookie ? answers.get(path + "+cookie") : null;
    if (answer == null) {
      answer = answers.get(path);
    }
    return answer != null ? answer : path.equals("/robots.txt") ? ABSENT : OTHER;
  }

  @Override
  public void close() throws IOException {
    server.close();
    dns.close();
    oracle.check();
  }
}
