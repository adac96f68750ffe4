package io.sluice.core.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.core.config.AdminSettings;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: metrics, health, status and a live page, as {@link AdminPages} makes them.
 *
 * <p>Two threads serve it; beyond {@value #QUEUE} waiting requests and {@value #MAX_CONNECTIONS}
 * connections the next is closed unanswered, and a client that dawdles is cut. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

  private static final String OWNER = "core.admin";
  private static final int THREADS = 2;
  private static final int QUEUE = 64;

  /** Connections at a time; each has a descriptor, which a process's plan counts. */
  public static final int MAX_CONNECTIONS = 16;

  private static final Duration DAWDLE = Duration.ofSeconds(10);
  private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(2);

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final List<Ledger.Entry> entries;

  private AdminServer(HttpServer server, ThreadPoolExecutor threads, List<Ledger.Entry> entries) {
    this.server = server;
    this.threads = threads;
    this.entries = entries;
  }

  /**
   * Opens the port and serves.
   *
   * @param settings where to listen; port 0 takes any free one
   * @param pages what to serve; borrowed
   * @param ledger where the server is entered
   * @throws PortUnavailableException when it cannot listen there
   */
  public static AdminServer start(AdminSettings settings, AdminPages pages, Ledger ledger) {
    boundTheJdksServer();
    InetSocketAddress address = new InetSocketAddress(settings.bind(), settings.port());
    HttpServer server;
    try {
      probe(address);
      server = HttpServer.create(address, MAX_CONNECTIONS);
    } catch (IOException | RuntimeException e) {
      throw new PortUnavailableException(settings, e);
    }
    ThreadFactory names = Thread.ofPlatform().daemon().name("admin-", 0).factory();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), names);
    server.createContext("/", exchange -> answer(exchange, pages));
    server.setExecutor(threads);
    server.start();
    return new AdminServer(server, threads, entries(ledger));
  }

  /** The port, what the server polls it by, its own thread and those that answer. */
  private static List<Ledger.Entry> entries(Ledger ledger) {
    List<Ledger.Entry> entries = new ArrayList<>();
    entries.add(ledger.enter(ResourceKind.ADMIN, OWNER));
    entries.add(ledger.enter(ResourceKind.EPOLL, OWNER));
    for (int thread = 0; thread <= THREADS; thread++) {
      entries.add(ledger.enter(ResourceKind.THREAD, OWNER));
    }
    return entries;
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Closes the port and every connection, and waits for the threads, 2 s at most. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(THREADS_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("an admin request did not end within {}", THREADS_END_WITHIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    entries.forEach(Ledger.Entry::close);
  }

  private static void answer(HttpExchange exchange, AdminPages pages) throws IOException {
    try (exchange) {
      AdminPages.Answer answer =
          pages.answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
      if (!head) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  /** Where the JDK's server cannot bind, it leaves its socket open; a probe does not. */
  private static void probe(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
    }
  }

  /** The JDK's server takes its bounds from system properties, and from nowhere else. */
  private static void boundTheJdksServer() {
    setUnlessSet("sun.net.httpserver.maxReqTime", DAWDLE.toSeconds());
    setUnlessSet("sun.net.httpserver.maxRspTime", DAWDLE.toSeconds());
    setUnlessSet("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
  }

  private static void setUnlessSet(String property, long value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(value));
    }
  }

  /** The admin port cannot be had; the message is one line for the user. */
  public static final class PortUnavailableException extends RuntimeException {
    PortUnavailableException(AdminSettings settings, Exception cause) {
      super(
          "admin: cannot listen on %s:%d: %s; set admin.port to a free port, or to 0 for any"
              .formatted(settings.bind(), settings.port(), cause.getMessage()),
          cause);
    }
  }
}
