package io.sluice.core.redis.server;

import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ResourceLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A redis-server of the crawl's own, with an append-only file in the crawl's directory, reachable
 * only by a unix socket in a private directory with a short path. A guardian process, a few lines
 * of shell, stops the server when this process closes its end of a pipe or dies, for whatever
 * reason; the server is a daemon, so that a terminal's Ctrl-C does not reach it.
 *
 * <p>Owns the server, the guardian and the socket's directory until {@link #stop} or {@link
 * #close}.
 *
 * <p>Confined to its owner's thread, except for {@link #onExit}, which is thread-safe.
 */
public final class EmbeddedRedis implements AutoCloseable {

  private static final String OWNER = "redis.embedded";
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(15);

  /** How long a server that a killed process left behind may take to end. */
  private static final Duration LEFTOVER_BOUND = Duration.ofSeconds(12);

  private final RedisFiles files;
  private final Path program;
  private final Path socket;
  private volatile RedisGuard running;
  private final Ledger.Entry serverEntry;
  private final Ledger.Entry guardEntry;
  private final Ledger.Entry guardPipe;

  private EmbeddedRedis(
      RedisFiles files, Path program, Path socket, RedisGuard running, Ledger ledger) {
    this.files = files;
    this.program = program;
    this.socket = socket;
    this.running = running;
    this.serverEntry = ledger.enter(ResourceKind.PROCESS, OWNER);
    this.guardEntry = ledger.enter(ResourceKind.PROCESS, OWNER + ".guard");
    this.guardPipe = ledger.enter(ResourceKind.PIPE, OWNER + ".guard");
  }

  /**
   * Ends the server that a killed owner of the crawl directory left behind and removes its socket
   * and half-written files. {@link #start} does so, too; this reports what was found.
   *
   * @param crawlDir the crawl directory, which the caller has locked
   * @return what was found, a few words each; empty after an orderly stop
   * @throws RedisUnavailableException if a living owner uses the directory; the message is one line
   */
  public static List<String> cleanUp(Path crawlDir) throws RedisUnavailableException {
    RedisFiles files = new RedisFiles(crawlDir.toAbsolutePath().normalize(), new ResourceLedger());
    try {
      return RedisLeftovers.remove(files, LEFTOVER_BOUND);
    } catch (IOException e) {
      throw cannotPrepare(files, e);
    }
  }

  /**
   * Starts the server of a crawl directory and waits until it answers. First waits for a server
   * that a killed process left behind, and removes its files.
   *
   * @param crawlDir the crawl directory; {@code redis/} and {@code logs/} in it are created if
   *     missing
   * @param ledger where the two processes are entered; borrowed
   * @throws RedisUnavailableException if the server does not start; the message is one line with
   *     the reason
   */
  public static EmbeddedRedis start(Path crawlDir, Ledger ledger) throws RedisUnavailableException {
    return start(crawlDir, ledger, LEFTOVER_BOUND);
  }

  /**
   * As {@link #start(Path, Ledger)}, with another bound on the wait for an earlier run's server to
   * end.
   */
  static EmbeddedRedis start(Path crawlDir, Ledger ledger, Duration leftoverBound)
      throws RedisUnavailableException {
    RedisFiles files = new RedisFiles(crawlDir.toAbsolutePath().normalize(), ledger);
    try {
      files.makeDirectories();
      RedisLeftovers.remove(files, leftoverBound);
      Path program = RedisBinary.install(files.dir(), files.brief());
      Path socket = files.makeSocketDirectory();
      RedisGuard running = RedisGuard.launch(files, program, socket);
      return new EmbeddedRedis(files, program, socket, running, ledger);
    } catch (IOException e) {
      throw cannotPrepare(files, e);
    }
  }

  /**
   * Starts the server again on the same data and the same socket, after it or its guardian died.
   * Takes milliseconds, at most half a minute.
   *
   * @throws RedisUnavailableException if it does not start; it may be tried again
   */
  public void restart() throws RedisUnavailableException {
    try {
      running.stop(Deadline.in(CLOSE_BOUND));
      RedisLeftovers.remove(files, LEFTOVER_BOUND);
      files.makeSocketDirectory(socket);
      running = RedisGuard.launch(files, program, socket);
    } catch (IOException e) {
      throw cannotPrepare(files, e);
    }
  }

  /** Whether the server at the given address is the one that runs in the crawl directory. */
  public static boolean serves(Path crawlDir, String uri) {
    RedisFiles files = new RedisFiles(crawlDir.toAbsolutePath().normalize(), new ResourceLedger());
    return files.recordedSocket().filter(socket -> uri.equals(uriOf(socket))).isPresent();
  }

  private static String uriOf(Path socket) {
    return "redis-socket://" + socket;
  }

  private static RedisUnavailableException cannotPrepare(RedisFiles files, IOException e) {
    return new RedisUnavailableException(
        "the embedded Redis in " + files.dir() + " cannot be prepared: " + e.getMessage(), e);
  }

  /** The {@code redis.uri} of the server: {@code redis-socket:///tmp/…/redis.sock}. */
  public String uri() {
    return uriOf(socket);
  }

  /** The redis-server's process id. */
  public long pid() {
    return running.pid();
  }

  /**
   * Whether both the server and its guardian are running; without the guardian, the server could
   * outlive this process.
   */
  public boolean alive() {
    return running.alive();
  }

  /**
   * Completes when the current server has ended, for whatever reason; up to five seconds late,
   * since it is not a child of this process. {@link #alive} reports it at once.
   */
  public CompletionStage<Void> onExit() {
    return running.onExit();
  }

  /**
   * Stops the server, which writes its data first; kills it at the deadline. Idempotent.
   *
   * @return whether it ended by itself
   */
  public boolean stop(Deadline deadline) {
    boolean clean = running.stop(deadline);
    files.removeAfterStop(socket);
    serverEntry.close();
    guardEntry.close();
    guardPipe.close();
    return clean;
  }

  /** As {@link #stop}, within some seconds. */
  @Override
  public void close() {
    stop(Deadline.in(CLOSE_BOUND));
  }
}
