package io.sluice.launcher.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedThreads;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves the {@link DemoSite} and counts the requests for each URL. Thread-safe; owns its server
 * and threads, which {@link #close} ends.
 */
final class DemoWeb implements AutoCloseable {

  private static final String ROBOTS =
      """
      User-agent: *
      Disallow: /private/
      """;
  private static final int THREADS = 4;
  private static final int BACKLOG = 128;
  private static final Duration SLOW = Duration.ofSeconds(2);

  private final HttpServer server;
  private final ExecutorService threads;
  private final DemoSite site;
  private final Ledger.Entry entry;
  private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

  private DemoWeb(HttpServer server, ExecutorService threads, Ledger.Entry entry) {
    this.server = server;
    this.threads = threads;
    this.site = DemoSite.onPort(server.getAddress().getPort());
    this.entry = entry;
  }

  /** Starts serving; port 0 means any free one. */
  static DemoWeb start(InetSocketAddress address, Ledger ledger) throws IOException {
    HttpServer server = HttpServer.create(address, BACKLOG);
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(BACKLOG),
            new OwnedThreads(Thread.ofPlatform().name("demo-web-", 0), ledger, "demo.web"));
    threads.prestartAllCoreThreads(); // before the crawl records its open resources
    DemoWeb web = new DemoWeb(server, threads, ledger.enter(ResourceKind.OTHER, "demo.web"));
    server.setExecutor(threads);
    server.createContext("/", web::answer);
    server.start();
    return web;
  }

  int port() {
    return server.getAddress().getPort();
  }

  DemoSite site() {
    return site;
  }

  /** Number of pages that were requested more than once. */
  long askedTwice() {
    return requests.entrySet().stream()
        .filter(request -> !request.getKey().endsWith("/robots.txt"))
        .filter(request -> request.getValue().get() > 1)
        .count();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String url =
          "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI();
      requests.computeIfAbsent(url, ignored -> new AtomicInteger()).incrementAndGet();
      if (exchange.getRequestURI().getPath().equals("/robots.txt")) {
        send(exchange, 200, "text/plain", ROBOTS);
        return;
      }
      switch (site.at(url)) {
        case DemoSite.Resource.Page page -> {
          if (page.slow()) {
            waitForSlowPage();
          }
          send(exchange, 200, "text/html; charset=utf-8", html(page));
        }
        case DemoSite.Resource.Moved moved -> {
          exchange.getResponseHeaders().set("Location", moved.target());
          send(exchange, 301, "text/html", "<title>Moved</title>");
        }
        case DemoSite.Resource.Forbidden ignored ->
            send(exchange, 200, "text/html", "<title>Private</title>");
        case DemoSite.Resource.Gone ignored ->
            send(exchange, 404, "text/html", "<title>Gone</title>");
        case null -> send(exchange, 404, "text/html", "<title>Never was</title>");
      }
    }
  }

  private static void waitForSlowPage() {
    try {
      Thread.sleep(SLOW);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the demo has ended, so answer at once
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String content)
      throws IOException {
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private static String html(DemoSite.Resource.Page page) {
    StringBuilder html = new StringBuilder(4096);
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(page.title())
        .append("</title></head>\n<body><h1>")
        .append(page.title())
        .append("</h1>\n<p>")
        .append(page.text())
        .append("</p>\n<ul>\n");
    for (String link : page.links()) {
      html.append("<li><a href=\"").append(link).append("\">onward</a>\n");
    }
    return html.append("</ul></body></html>\n").toString();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    try {
      if (threads.awaitTermination(1, TimeUnit.SECONDS)) {
        entry.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
