package io.sluice.launcher.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.resource.DescriptorRules;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedThreads;
import io.sluice.core.resource.ResourceKind;
import io.sluice.frontier.Frontier;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control socket of a running crawl: accepts {@link Command}s, one client at a time, from any
 * process that may write to the socket's file. A client has {@value #SPEAK_SECONDS} seconds to send
 * its line and to take its reply; {@value #BACKLOG} more may wait to be served.
 *
 * <p>Owns the socket, its file, and the thread that serves it; other threads only ask it to stop.
 * The process that opens it owns the crawl directory.
 */
public final class ControlSocket implements Stage {

  private static final Logger log = LoggerFactory.getLogger(ControlSocket.class);

  private static final String OWNER = "launcher.control";
  private static final int BACKLOG = 16;
  private static final int SPEAK_SECONDS = 10;
  private static final Duration SPEAKS_WITHIN = Duration.ofSeconds(SPEAK_SECONDS);

  /** How long the frontier may take to carry out a command. */
  private static final Duration DONE_WITHIN = Duration.ofSeconds(60);

  private static final Duration ENDS_WITHIN = Duration.ofSeconds(2);

  private final Path file;
  private final Frontier frontier;
  private final ServerSocketChannel socket;
  private final Duration speaksWithin;
  private final Selector selector;
  private final SelectionKey arrivals;
  private final Ledger ledger;
  private final Counter answered;
  private final Counter refused;
  private final Counter dropped;
  private final List<Ledger.Entry> entries;
  private final Thread thread;
  private final CompletableFuture<@Nullable Void> stopping = new CompletableFuture<>();

  /** Takes ownership of the socket and the selector. */
  private ControlSocket(
      Path file,
      Frontier frontier,
      Duration speaksWithin,
      ServerSocketChannel socket,
      Selector selector,
      Ledger ledger,
      MeterRegistry registry)
      throws IOException {
    this.file = file;
    this.frontier = frontier;
    this.speaksWithin = speaksWithin;
    this.socket = socket;
    this.selector = selector;
    this.arrivals = socket.register(selector, SelectionKey.OP_ACCEPT);
    this.ledger = ledger;
    this.answered = counter("answered", registry);
    this.refused = counter("refused", registry);
    this.dropped = counter("dropped", registry);
    this.entries =
        List.of(ledger.enter(ResourceKind.ADMIN, OWNER), ledger.enter(ResourceKind.EPOLL, OWNER));
    this.thread =
        new OwnedThreads(Thread.ofPlatform().daemon().name("control"), ledger, OWNER)
            .newThread(this::serve);
  }

  private static Counter counter(String outcome, MeterRegistry registry) {
    return Counter.builder("sluice.control.commands")
        .description("Commands on the control socket, by what became of them")
        .tag("outcome", outcome)
        .register(registry);
  }

  /**
   * Starts listening. Replaces a socket that a process left at that path when it was killed.
   *
   * @param file where clients find the socket; only the caller may use the file's directory
   * @param frontier carries out commands; borrowed
   * @param rules receives a rule for the socket; borrowed
   * @throws IOException if the socket cannot be created, or a live process is listening there; the
   *     message is one line for the operator
   */
  public static ControlSocket open(
      Path file, Frontier frontier, DescriptorRules rules, Ledger ledger, MeterRegistry registry)
      throws IOException {
    return open(file, frontier, SPEAKS_WITHIN, rules, ledger, registry);
  }

  /**
   * Like the other {@code open}, but with the given limit for a client to send its line and to take
   * the reply.
   */
  static ControlSocket open(
      Path file,
      Frontier frontier,
      Duration speaksWithin,
      DescriptorRules rules,
      Ledger ledger,
      MeterRegistry registry)
      throws IOException {
    Path bound = file.resolveSibling(file.getFileName() + ".new");
    removeDead(bound);
    removeDead(file);
    Selector selector = Selector.open();
    ServerSocketChannel socket = null;
    try {
      socket = listen(bound, rules);
      Files.move(bound, file, StandardCopyOption.ATOMIC_MOVE);
      ControlSocket control =
          new ControlSocket(file, frontier, speaksWithin, socket, selector, ledger, registry);
      control.thread.start();
      return control;
    } catch (IOException | RuntimeException e) {
      selector.close();
      if (socket != null) {
        socket.close();
        Files.deleteIfExists(bound);
        Files.deleteIfExists(file);
      }
      throw e;
    }
  }

  /**
   * Binds a socket at a path that clients don't use, and sets its mode. A client that connected
   * before the mode was set is disconnected.
   */
  private static ServerSocketChannel listen(Path bound, DescriptorRules rules) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try (ShortPath way = ShortPath.to(bound)) {
      rules.socketPath(ResourceKind.ADMIN, way.path());
      socket.bind(way.address(), BACKLOG);
      Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
      socket.configureBlocking(false);
      for (SocketChannel early = socket.accept(); early != null; early = socket.accept()) {
        early.close();
      }
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Removes a socket on which no process is listening. */
  private static void removeDead(Path file) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean socket =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
    if (!socket || ControlClient.listens(file)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, socket ? "another process is listening there" : "is not a socket");
    }
    Files.delete(file);
  }

  /** Serves clients until the stop. Afterwards, or after a failure, no client is left waiting. */
  private void serve() {
    try (socket) {
      while (!stopping.isDone()) {
        selector.select();
        selector.selectedKeys().clear();
        SocketChannel client = stopping.isDone() ? null : socket.accept();
        if (client != null) {
          arrivals.interestOps(0);
          serve(client);
          arrivals.interestOps(SelectionKey.OP_ACCEPT);
        }
      }
    } catch (IOException e) {
      log.warn("the control socket failed; this run takes no more commands: {}", e.getMessage());
    }
  }

  private void serve(SocketChannel client) {
    try (Ledger.Entry _ = ledger.enter(ResourceKind.ADMIN, OWNER);
        client) {
      LineChannel line = new LineChannel(client, selector);
      Reply reply = reply(line.read(Deadline.in(speaksWithin).cutBy(stopping)));
      line.write(reply.toJson(), Deadline.in(speaksWithin).cutBy(stopping));
      (reply instanceof Reply.Refused ? refused : answered).increment();
    } catch (IOException e) {
      dropped.increment();
      log.debug("a client of the control socket was dropped", e);
    }
  }

  private Reply reply(String line) {
    try {
      return carryOut(Command.parse(line));
    } catch (IOException e) {
      return new Reply.Refused(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("a command failed because of a bug", e);
      return new Reply.Refused("a bug in Sluice; see the crawl's log");
    }
  }

  private Reply carryOut(Command command) throws IOException {
    return switch (command) {
      case Command.RetryHosts(var filter) -> {
        Reply.Hosts hosts = new Reply.Hosts(await(frontier.retry(filter)));
        log.info(
            "on command: took back {} given-up hosts with {} URLs",
            hosts.hosts().hosts(),
            hosts.hosts().urls());
        yield hosts;
      }
      case Command.QueueAgain(var offers) -> {
        Reply.Urls urls = new Reply.Urls(await(frontier.offer(offers)));
        log.info("on command: queued {} failed URLs again", urls.counts().accepted());
        yield urls;
      }
    };
  }

  private <T> T await(CompletionStage<T> stage) throws IOException {
    Deadline deadline = Deadline.in(DONE_WITHIN).cutBy(stopping);
    CompletableFuture<T> done = stage.toCompletableFuture();
    try {
      if (!deadline.await(done)) {
        throw new IOException("the crawl is stopping or too busy; how much was done is not known");
      }
      return done.get(0, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the frontier failed: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the crawl is stopping", e);
    }
  }

  @Override
  public String name() {
    return "control";
  }

  /** {@inheritDoc} The client being served gets the reply that the crawl is stopping. */
  @Override
  public void stopIntake() {
    stopping.complete(null);
    selector.wakeup();
  }

  @Override
  public int cancelPending() {
    return 0;
  }

  @Override
  public Drained drain(Deadline deadline) {
    return Drained.NOTHING;
  }

  /** Ends the thread, waiting at most two seconds, and removes the file. */
  @Override
  public void close() {
    stopIntake();
    try (selector;
        socket) {
      if (!thread.join(ENDS_WITHIN)) {
        log.warn("a command did not end within {}", ENDS_WITHIN);
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("the control socket could not be removed: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      entries.forEach(Ledger.Entry::close);
    }
  }
}
