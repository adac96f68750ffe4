package io.sluice.core.metrics;

import io.sluice.core.config.AdminSettings;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: metrics, health, status and a live page, as {@link AdminPages} renders them.
 *
 * <p>One thread accepts, reads and writes; two others render the pages, except health, which must
 * not wait for other pages. At most {@value #MAX_CONNECTIONS} connections are open: a further one
 * replaces the oldest that is owed no answer, or is closed if all others are being answered. A slow
 * client is cut off. A request for a foreign host is refused ({@link AdminHosts}). Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

  private static final String OWNER = "core.admin";
  private static final int THREADS = 2;

  /** Maximum number of open connections; a process's plan of descriptors includes one for each. */
  public static final int MAX_CONNECTIONS = 16;

  /** How many connections the system keeps waiting while the loop is busy. */
  private static final int BACKLOG = 128;

  /** How often the loop looks for slow clients. */
  private static final Duration TICK = Duration.ofMillis(250);

  private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(2);

  private final ServerSocketChannel listener;
  private final Selector selector;
  private final AdminPages pages;
  private final AdminHosts hosts;
  private final LongSupplier nanoTime;
  private final List<Ledger.Entry> entries;
  private final Thread loop;
  private final ThreadPoolExecutor threads;

  /** Finished answers; at most one for each connection. */
  private final Queue<Made> made = new ConcurrentLinkedQueue<>();

  /** The open connections, in the order of their arrival. Confined to the loop. */
  private final Set<AdminConnection> connections = new LinkedHashSet<>();

  private volatile boolean closing;

  private record Made(AdminConnection connection, ByteBuffer answer) {}

  private AdminServer(
      ServerSocketChannel listener,
      Selector selector,
      AdminSettings settings,
      AdminPages pages,
      Ledger ledger,
      LongSupplier nanoTime) {
    this.listener = listener;
    this.selector = selector;
    this.pages = pages;
    this.hosts = new AdminHosts(settings.hosts());
    this.nanoTime = nanoTime;
    this.entries = entries(ledger);
    this.loop = Thread.ofPlatform().daemon().name("admin-loop").unstarted(this::serve);
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_CONNECTIONS),
            Thread.ofPlatform().daemon().name("admin-", 0).factory());
  }

  /**
   * Opens the port and serves.
   *
   * @param settings where to listen; port 0 takes any free one
   * @param pages what to serve; borrowed
   * @param ledger where the server is entered
   * @throws PortUnavailableException if it cannot listen there
   */
  public static AdminServer start(AdminSettings settings, AdminPages pages, Ledger ledger) {
    return start(settings, pages, ledger, System::nanoTime);
  }

  /** As the method above, with a clock for tests. */
  static AdminServer start(
      AdminSettings settings, AdminPages pages, Ledger ledger, LongSupplier nanoTime) {
    ResourceScope unwind = new ResourceScope();
    try {
      Selector selector = unwind.own(Selector.open());
      ServerSocketChannel listener = unwind.own(ServerSocketChannel.open());
      listener.bind(new InetSocketAddress(settings.bind(), settings.port()), BACKLOG);
      listener.configureBlocking(false);
      listener.register(selector, SelectionKey.OP_ACCEPT);
      AdminServer server = new AdminServer(listener, selector, settings, pages, ledger, nanoTime);
      server.loop.start();
      return server;
    } catch (IOException | RuntimeException e) {
      unwind.close();
      throw new PortUnavailableException(settings, e);
    }
  }

  /**
   * The ledger entries of the port, its poller, the server's thread and the threads that render
   * pages.
   */
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
    return listener.socket().getLocalPort();
  }

  /** Closes the port and every connection, and waits for the threads, 2 s at most each. */
  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    threads.shutdownNow();
    try {
      boolean ended = loop.join(THREADS_END_WITHIN);
      if (!threads.awaitTermination(THREADS_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          || !ended) {
        log.warn("an admin request did not end within {}", THREADS_END_WITHIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    entries.forEach(Ledger.Entry::close);
  }

  // --- from here on: on the loop ---

  private void serve() {
    try (selector;
        listener) {
      while (!closing) {
        selector.select(this::ready, TICK.toMillis());
        for (Made one = made.poll(); one != null; one = made.poll()) {
          answer(one.connection(), one.answer());
        }
        cutTheLate();
      }
      List.copyOf(connections).forEach(this::drop);
    } catch (IOException e) {
      log.error("the admin port failed", e);
    }
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof AdminConnection connection) {
      ready(connection);
    } else {
      accept();
    }
  }

  private void accept() {
    try {
      SocketChannel channel = listener.accept();
      if (channel != null && !admit(channel)) {
        channel.close();
      }
    } catch (IOException e) {
      log.debug("an admin connection could not be accepted", e);
      LockSupport.parkNanos(TICK.toNanos()); // Out of descriptors, perhaps: do not spin.
    }
  }

  /** Takes ownership of the channel, unless it returns false. */
  private boolean admit(SocketChannel channel) {
    if (connections.size() >= MAX_CONNECTIONS) {
      connections.stream().filter(AdminConnection::idle).findFirst().ifPresent(this::drop);
    }
    if (connections.size() >= MAX_CONNECTIONS) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      AdminConnection connection = new AdminConnection(channel, key, nanoTime.getAsLong());
      key.attach(connection);
      connections.add(connection);
      ready(connection); // Its request has usually arrived already.
      return true;
    } catch (IOException e) {
      return false; // It was closed already.
    }
  }

  private void ready(AdminConnection connection) {
    try {
      String head = connection.ready(nanoTime.getAsLong());
      if (head != null) {
        handle(connection, AdminRequest.parse(head));
      }
    } catch (IOException e) {
      drop(connection);
    }
  }

  private void handle(AdminConnection connection, @Nullable AdminRequest request) {
    if (request == null) {
      answer(connection, AdminPages.BAD_REQUEST.toHttp(false));
    } else if (request.host() != null && !hosts.include(request.host())) {
      answer(connection, AdminPages.FOREIGN_HOST.toHttp(false));
    } else if (AdminPages.isMadeAtOnce(request.path())) {
      answer(connection, page(request));
    } else {
      make(connection, request);
    }
  }

  private void make(AdminConnection connection, AdminRequest request) {
    try {
      threads.execute(
          () -> {
            made.add(new Made(connection, page(request)));
            selector.wakeup();
          });
    } catch (RejectedExecutionException e) {
      drop(connection); // The server is closing, or busy with clients that have gone.
    }
  }

  private ByteBuffer page(AdminRequest request) {
    return pages.answer(request.method(), request.path()).toHttp(request.method().equals("HEAD"));
  }

  private void answer(AdminConnection connection, ByteBuffer answer) {
    if (!connections.contains(connection)) {
      return; // its channel was closed meanwhile
    }
    try {
      connection.answer(answer, nanoTime.getAsLong());
    } catch (IOException e) {
      drop(connection);
    }
  }

  private void cutTheLate() {
    long now = nanoTime.getAsLong();
    connections.stream().filter(one -> one.late(now)).toList().forEach(this::drop);
  }

  private void drop(AdminConnection connection) {
    connections.remove(connection);
    try {
      connection.close();
    } catch (IOException e) {
      log.debug("an admin connection could not be closed", e);
    }
  }

  /** Thrown if the admin port cannot be opened; the message is one line for the user. */
  public static final class PortUnavailableException extends RuntimeException {
    PortUnavailableException(AdminSettings settings, Exception cause) {
      super(
          "admin: cannot listen on %s:%d: %s; set admin.port to a free port, or to 0 for any"
              .formatted(settings.bind(), settings.port(), cause.getMessage()),
          cause);
    }
  }
}
