package io.sluice.launcher.supervise;

import io.sluice.core.config.RedisSettings;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.server.EmbeddedRedis;
import io.sluice.core.resource.Ledger;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.process.CrawlFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The crawl's Redis: its own server, restarted when it ends unexpectedly, or an external one, which
 * is not watched. Owns the server. Confined to the supervisor's thread.
 */
final class CrawlRedis implements Restartable, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CrawlRedis.class);

  private final RedisSettings settings;
  private final CrawlFiles files;
  private final RestartBudget budget;
  private final @Nullable EmbeddedRedis server;
  private int restarts;

  private CrawlRedis(
      RedisSettings settings,
      CrawlFiles files,
      RestartBudget budget,
      @Nullable EmbeddedRedis server) {
    this.settings = settings;
    this.files = files;
    this.budget = budget;
    this.server = server;
  }

  /**
   * Starts the crawl's own server, if it has one.
   *
   * @throws CannotStart if the server does not start
   */
  static CrawlRedis start(
      RedisSettings settings, CrawlFiles files, RestartBudget budget, Ledger ledger)
      throws CannotStart {
    if (!settings.embedded()) {
      return new CrawlRedis(settings, files, budget, null);
    }
    try {
      EmbeddedRedis server = EmbeddedRedis.start(files.dir(), ledger);
      log.info("redis-server started, pid {}", server.pid());
      return new CrawlRedis(settings, files, budget, server);
    } catch (RedisUnavailableException e) {
      throw CannotStart.because(e);
    }
  }

  @Override
  public String name() {
    return "redis-server";
  }

  @Override
  public Path log() {
    return files.logs().resolve("redis.log");
  }

  @Override
  public int restarts() {
    return restarts;
  }

  /** The settings by which the crawl's processes reach Redis. */
  RedisSettings settings() {
    return server == null ? settings : settings.withUri(server.uri());
  }

  /** The server's process id; 0 for an external server. */
  long pid() {
    return server == null ? 0 : server.pid();
  }

  /** Whether the server is the crawl's own. */
  boolean ours() {
    return server != null;
  }

  /**
   * Whether the crawl's own server has ended, or the guardian that ends the server if this process
   * is killed.
   */
  boolean ended() {
    return server != null && !server.alive();
  }

  @Override
  public Optional<Duration> crashed() {
    return budget.crashed();
  }

  /**
   * Starts another server on the same data and the same socket.
   *
   * @return whether the server is running; if not, the reason is logged
   */
  boolean restart() {
    if (server == null) {
      return false;
    }
    restarts++;
    try {
      server.restart();
      log.info("redis-server is running again, pid {}", server.pid());
      return true;
    } catch (RedisUnavailableException e) {
      log.warn("redis-server could not be started again: {}", e.getMessage());
      return false;
    }
  }

  /**
   * Stops the crawl's own server.
   *
   * @return whether the server ended without being killed; true for an external server
   */
  boolean stop(Deadline deadline) {
    return server == null || server.stop(deadline);
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
  }
}
