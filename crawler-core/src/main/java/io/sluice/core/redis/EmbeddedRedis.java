package io.sluice.core.redis;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A redis-server of the crawl's own, with an append-only file in the crawl's directory, reachable
 * only by a unix socket in a private directory with a short path. A guardian process, a few lines
 * of shell, stops the server when this process closes its end of a pipe or dies, however it dies;
 * the server is a daemon, so that a terminal's Ctrl-C does not reach it.
 *
 * <p>Owns the server, the guardian and the socket's directory until {@link #stop} or {@link
 * #close}.
 *
 * <p>Confined to its owner's thread, {@link #onExit} excepted, which any thread may ask.
 */
public final class EmbeddedRedis implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);
  private static final String OWNER = "redis.embedded";
  private static final Duration START_BOUND = Duration.ofSeconds(15);
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(15);

  /** How long a server that a killed process left behind may take to go. */
  private static final Duration LEFTOVER_BOUND = Duration.ofSeconds(12);

  /** How long the guardian waits for the server's end before it kills it. */
  private static final int GUARD_PATIENCE_SECONDS = 10;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final int POLL_MILLIS = 10;

  /** Where a unix socket's path would be too long, by the strictest system. */
  private static final int MAX_SOCKET_PATH_BYTES = 100;

  private final RedisFiles files;
  private final Path program;
  private final Path socket;
  private volatile Running running;
  private final Ledger.Entry serverEntry;
  private final Ledger.Entry guardEntry;

  private EmbeddedRedis(
      RedisFiles files, Path program, Path socket, Running running, Ledger ledger) {
    this.files = files;
    this.program = program;
    this.socket = socket;
    this.running = running;
    this.serverEntry = ledger.enter(ResourceKind.PROCESS, OWNER);
    this.guardEntry = ledger.enter(ResourceKind.PROCESS, OWNER + ".guard");
  }

  /**
   * Starts the server of a crawl directory and waits until it answers. What a killed process left
   * behind is waited for and cleaned away.
   *
   * @param crawlDir the crawl directory; {@code redis/} and {@code logs/} in it are made when
   *     missing
   * @param ledger where the two processes are entered; borrowed
   * @throws RedisUnavailableException with one line that says why it does not start
   */
  public static EmbeddedRedis start(Path crawlDir, Ledger ledger) throws RedisUnavailableException {
    return start(crawlDir, ledger, LEFTOVER_BOUND);
  }

  /** As {@link #start(Path, Ledger)}, with another bound for a former run's server to end. */
  static EmbeddedRedis start(Path crawlDir, Ledger ledger, Duration leftoverBound)
      throws RedisUnavailableException {
    RedisFiles files = new RedisFiles(crawlDir.toAbsolutePath().normalize());
    try {
      files.makeDirectories();
      removeLeftovers(files, leftoverBound);
      Path program = RedisBinary.install(files.dir());
      Path socket = makeSocketDirectory().resolve("redis.sock");
      Running running = launch(files, program, socket);
      return new EmbeddedRedis(files, program, socket, running, ledger);
    } catch (IOException e) {
      throw new RedisUnavailableException(
          "the embedded Redis in " + files.dir() + " cannot be prepared: " + e.getMessage(), e);
    }
  }

  /**
   * Starts the server again on the same data and the same socket after it died.
   *
   * @throws RedisUnavailableException if it still runs or does not start
   */
  public void restart() throws RedisUnavailableException {
    try {
      running.guard().getOutputStream().close();
      endsWithin(running.guard().toHandle(), CLOSE_BOUND);
      removeLeftovers(files, LEFTOVER_BOUND);
      Files.createDirectories(socket.getParent(), OWNER_ONLY);
      running = launch(files, program, socket);
    } catch (IOException e) {
      throw new RedisUnavailableException(
          "the embedded Redis in " + files.dir() + " cannot be prepared: " + e.getMessage(), e);
    }
  }

  private static Running launch(RedisFiles files, Path program, Path socket)
      throws IOException, RedisUnavailableException {
    Process guard = null;
    boolean started = false;
    try {
      files.writeConfig(socket);
      guard = guard(files, program);
      Running running = new Running(guard, awaitReady(files, socket, guard));
      started = true;
      return running;
    } finally {
      if (!started) {
        if (guard != null) {
          guard.getOutputStream().close();
          endsWithin(guard.toHandle(), CLOSE_BOUND);
        }
        files.removeSocket(socket);
      }
    }
  }

  private static Process guard(RedisFiles files, Path program) throws IOException {
    String script;
    try (InputStream in = EmbeddedRedis.class.getResourceAsStream("guard.sh")) {
      if (in == null) {
        throw new NoSuchFileException("guard.sh");
      }
      script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<String> command =
        List.of(
            "/bin/sh",
            "-c",
            script,
            "sluice-redis-guard",
            program.toString(),
            files.config().toString(),
            files.pidFile().toString(),
            String.valueOf(GUARD_PATIENCE_SECONDS));
    return new ProcessBuilder(command)
        .directory(files.dir().toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static long awaitReady(RedisFiles files, Path socket, Process guard)
      throws IOException, RedisUnavailableException {
    Deadline deadline = Deadline.in(START_BOUND);
    try (BufferedReader told = guard.inputReader(StandardCharsets.US_ASCII)) {
      while (!told.ready() || !accepts(socket)) {
        if (!guard.isAlive() || deadline.passed()) {
          throw new RedisUnavailableException(
              "the embedded Redis in " + files.dir() + " did not start: see " + files.log());
        }
        pause();
      }
      return Long.parseLong(told.readLine());
    } catch (NumberFormatException e) {
      throw new IOException("the guardian told no process id", e);
    }
  }

  private static boolean accepts(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  /** A killed process's server is about to be stopped by its guardian: waits for that. */
  private static void removeLeftovers(RedisFiles files, Duration bound)
      throws IOException, RedisUnavailableException {
    Optional<ProcessHandle> former = files.runningServer();
    if (former.isPresent()) {
      LOG.info("waiting for the redis-server of a former run to end (pid {})", former.get().pid());
      if (!serverEndsWithin(former.get(), Deadline.in(bound))) {
        throw new RedisUnavailableException(
            "the embedded Redis in "
                + files.dir()
                + " is in use by a running crawl (redis-server pid "
                + former.get().pid()
                + ")");
      }
    }
    files.removeLeftovers();
  }

  /** Waits for the end of a server, which is no child of ours: looks again and again. */
  private static boolean serverEndsWithin(ProcessHandle server, Deadline deadline) {
    while (RedisFiles.runs(server) && !deadline.passed()) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return !RedisFiles.runs(server);
  }

  private static boolean endsWithin(ProcessHandle process, Duration bound) {
    try {
      process.onExit().get(bound.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException | TimeoutException e) {
      return !process.isAlive();
    }
  }

  private static Path makeSocketDirectory() throws IOException {
    Path directory = Files.createTempDirectory("sluice", OWNER_ONLY);
    if (directory.toString().length() + "/redis.sock".length() <= MAX_SOCKET_PATH_BYTES) {
      return directory;
    }
    Files.delete(directory);
    return Files.createTempDirectory(Path.of("/tmp"), "sluice", OWNER_ONLY);
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What {@code redis.uri} would say: {@code redis-socket:///tmp/…/redis.sock}. */
  public String uri() {
    return "redis-socket://" + socket;
  }

  /** The redis-server's process id. */
  public long pid() {
    return running.pid();
  }

  /** Completes when the server that runs now has ended, for whatever reason. */
  public CompletionStage<Void> onExit() {
    CompletableFuture<?> server =
        ProcessHandle.of(running.pid())
            .map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    return server.thenRun(() -> {});
  }

  /**
   * Stops the server, which writes its data first; kills it at the deadline. May be called again.
   *
   * @return whether it ended by itself
   */
  public boolean stop(Deadline deadline) {
    boolean clean = stopServer(deadline);
    files.removeSocketAndPid(socket);
    serverEntry.close();
    guardEntry.close();
    return clean;
  }

  private boolean stopServer(Deadline deadline) {
    Process guard = running.guard();
    boolean guarded = guard.isAlive();
    try {
      guard.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot close the pipe to the guardian", e);
    }
    Optional<ProcessHandle> server = ProcessHandle.of(running.pid()).filter(RedisFiles::runs);
    if (!guarded) {
      server.ifPresent(ProcessHandle::destroy);
    }
    // The guardian is a child, whose end is seen at once; it ends after the server.
    boolean clean = endsWithin(guard.toHandle(), deadline.left());
    if (server.isPresent() && RedisFiles.runs(server.get())) {
      clean &= !guarded && serverEndsWithin(server.get(), deadline);
      server.get().destroyForcibly();
      serverEndsWithin(server.get(), Deadline.in(CLOSE_BOUND));
      endsWithin(guard.toHandle(), CLOSE_BOUND);
    }
    return clean;
  }

  /** A server and its guardian. */
  private record Running(Process guard, long pid) {}

  /** As {@link #stop}, within some seconds. */
  @Override
  public void close() {
    stop(Deadline.in(CLOSE_BOUND));
  }
}
