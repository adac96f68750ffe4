package io.sluice.it.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Hosts of linked pages, always the same for the same numbers, served on one loopback port and
 * distinguished by the Host field. The web knows the URLs that a polite crawler must fetch and logs
 * its requests, so tests use it as an oracle; it uses none of the crawler's code.
 *
 * <p>Each page links two further pages of its host (so that all are reachable), some of these pages
 * in other spellings, the first page of other hosts, a redirect, a missing page, a style sheet and
 * a page that robots.txt forbids.
 *
 * <p>Thread-safe: pages are computed on request, and the log is a concurrent queue.
 */
public final class GeneratedWeb implements LoggedWeb, AutoCloseable {

  /** One answered request. */
  public record Request(String host, String path, int status) {}

  private static final String ROBOTS = "User-agent: *\nDisallow: /private/\n";

  private final int hosts;
  private final int pagesPerHost;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final DnsResponder dns;
  private final PolitenessOracle oracle;
  private final Map<HttpExchange, PolitenessOracle.Ask> asks = new ConcurrentHashMap<>();
  private final Queue<Request> log = new ConcurrentLinkedQueue<>();
  private final Set<String> stalled = ConcurrentHashMap.newKeySet();
  private final Set<String> stalledAlways = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger heldBack = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Number of requests after which all later ones are held back; 0 for no limit. */
  private volatile int lastBeforeHolding;

  private GeneratedWeb(int hosts, int pagesPerHost) throws IOException {
    this.hosts = hosts;
    this.pagesPerHost = pagesPerHost;
    InetAddress loopback = InetAddress.getLoopbackAddress();
    dns = DnsResponder.answering(".test", loopback);
    oracle = new PolitenessOracle(dns.address());
    server = HttpServer.create(new InetSocketAddress(loopback, 0), 512);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts a web; the caller closes it. */
  public static GeneratedWeb start(int hosts, int pagesPerHost) throws IOException {
    return new GeneratedWeb(hosts, pagesPerHost);
  }

  @Override
  public String seed() {
    return url(0, "/p/0.html");
  }

  @Override
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public String nameServer() {
    return dns.address();
  }

  @Override
  public SortedSet<String> truth() {
    SortedSet<String> urls = new TreeSet<>();
    for (int host = 0; host < hosts; host++) {
      for (int page = 0; page < pagesPerHost; page++) {
        urls.add(url(host, "/p/" + page + ".html"));
      }
    }
    return urls;
  }

  /**
   * Makes the next request for a page wait for its answer until the web closes. That request is
   * logged with status 0; later requests for the page are answered.
   */
  public void stall(int host, int page) {
    stalled.add(url(host, "/p/" + page + ".html"));
  }

  /** Makes every request from now on wait for its answer until {@link #letGo}. */
  public void holdBack() {
    gate = new CountDownLatch(1);
  }

  /** Number of requests that are being held back. */
  public int heldBack() {
    return heldBack.get();
  }

  /** Answers the requests that are held back, and from now on answers requests at once. */
  public void letGo() {
    gate.countDown();
  }

  /**
   * Makes each request for a page wait for its answer until {@link #stallNoMore}.
   *
   * @return the page's URL
   */
  public String stalledAlways(int host, int page) {
    String url = url(host, "/p/" + page + ".html");
    stalledAlways.add(url);
    return url;
  }

  /** Answers all requests for pages from now on. */
  public void stallNoMore() {
    stalledAlways.clear();
  }

  /** The requests answered so far, in order. */
  public List<Request> requests() {
    return List.copyOf(log);
  }

  /** {@linkplain #holdBack Holds} requests back once {@code requests} were answered. */
  public void holdBackAfter(int requests) {
    lastBeforeHolding = requests;
  }

  @Override
  public String scope() {
    return "";
  }

  /**
   * Returns pages, redirects and missing pages; most redirects and missing pages are linked by only
   * one page.
   */
  @Override
  public SortedSet<String> askedByAll() {
    SortedSet<String> urls = truth();
    for (int host = 0; host < hosts; host++) {
      for (int page = 0; page < pagesPerHost; page++) {
        urls.add(url(host, "/r/" + page * 3 % pagesPerHost));
        urls.add(url(host, "/p/" + (pagesPerHost + page % 3) + ".html"));
      }
    }
    return urls;
  }

  @Override
  public List<String> asked() {
    return log.stream()
        .filter(request -> !request.path().equals("/robots.txt"))
        .map(request -> "http://" + request.host() + request.path())
        .toList();
  }

  /** Number of times that each page was answered with 200 as HTML, by URL. */
  public Map<String, Long> fetchesByPage() {
    return log.stream()
        .filter(request -> request.status() == 200 && request.path().endsWith(".html"))
        .collect(
            Collectors.groupingBy(
                request -> "http://" + request.host() + request.path(), Collectors.counting()));
  }

  private String name(int host) {
    return "h" + host + ".site" + (host % 3) + ".test:" + port();
  }

  private String url(int host, String path) {
    return "http://" + name(host) + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String host = exchange.getRequestHeaders().getFirst("Host");
    String path = exchange.getRequestURI().toString();
    PolitenessOracle.Ask ask = oracle.asked(exchange.getLocalAddress().getAddress());
    ask.to(host);
    asks.put(exchange, ask);
    int number = Integer.parseInt(host.substring(1, host.indexOf('.')));
    heldBack.incrementAndGet();
    awaitOpening(gate);
    heldBack.decrementAndGet();
    String url = "http://" + host + path;
    if (stalled.remove(url) || stalledAlways.contains(url)) {
      log.add(new Request(host, path, 0));
      awaitOpening(closed);
      return;
    }
    if (path.equals("/robots.txt")) {
      send(exchange, host, path, 200, "text/plain", ROBOTS);
    } else if (path.startsWith("/r/")) {
      exchange.getResponseHeaders().set("Location", "/p/" + path.substring(3) + ".html");
      send(exchange, host, path, 302, "text/plain", "");
    } else if (path.startsWith("/p/") && path.endsWith(".html")) {
      int page = Integer.parseInt(path.substring(3, path.length() - 5));
      boolean exists = page < pagesPerHost;
      send(exchange, host, path, exists ? 200 : 404, "text/html", exists ? page(number, page) : "");
    } else {
      send(exchange, host, path, path.startsWith("/private/") ? 200 : 404, "text/html", "secret");
    }
  }

  private static void awaitOpening(CountDownLatch opening) throws IOException {
    try {
      opening.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("the web closes");
    }
  }

  private void send(
      HttpExchange exchange, String host, String path, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    log.add(new Request(host, path, status));
    if (log.size() == lastBeforeHolding) {
      holdBack();
    }
    PolitenessOracle.Ask ask = asks.remove(exchange);
    if (ask != null) {
      ask.answers();
    }
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private String page(int host, int page) {
    StringBuilder html = new StringBuilder(2048);
    html.append("<!DOCTYPE html><html lang=en><head><title>Page ")
        .append(page)
        .append(" of host ")
        .append(host)
        .append("</title><link rel=stylesheet href=/style.css></head><body><p>")
        .append("Lorem ipsum. ".repeat(20 + page % 40))
        .append("</p>");
    link(html, "/p/" + (2 * page + 1) % pagesPerHost + ".html");
    link(html, (2 * page + 2) % pagesPerHost + ".html#part");
    link(html, "../p/./" + page * 7 % pagesPerHost + ".html");
    link(
        html,
        "HTTP://" + name((host + 1) % hosts).toUpperCase(java.util.Locale.ROOT) + "/p/0.html");
    link(html, url((host + page) % hosts, "/p/0.html"));
    link(html, "/r/" + page * 3 % pagesPerHost);
    link(html, "/p/" + (pagesPerHost + page % 3) + ".html");
    link(html, "/private/" + page + ".html");
    return html.append("</body></html>").toString();
  }

  private static void link(StringBuilder html, String href) {
    html.append("<a href=\"").append(href).append("\">there</a> ");
  }

  @Override
  public void close() {
    closed.countDown();
    letGo();
    server.stop(0);
    threads.shutdownNow();
    dns.close();
    oracle.check();
  }
}
