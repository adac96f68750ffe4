package io.sluice.launcher.supervise;

import io.sluice.core.config.RedisSettings;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.EmbeddedRedis;
import io.sluice.core.redis.RedisUnavailableException;
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
 * The crawl's Redis: a server of its own, in however many lives, or somebody else's, which is not
 * looked after here. Owns the server. Confined to the supervisor's thread.
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
   * Starts the crawl's server, if it has one of its own.
   *
   * @throws CannotStart when it does not start
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

  /** Where the processes of the crawl find it. */
  RedisSettings settings() {
    return server == null
        ? settings
        : new RedisSettings(server.uri(), settings.commandTimeout(), settings.pool());
  }

  /** The server's process id; 0 where it is not ours. */
  long pid() {
    return server == null ? 0 : server.pid();
  }

  /** Whether the server is the crawl's own. */
  boolean ours() {
    return server != null;
  }

  /** Whether our server, or the guardian that keeps it from outliving us, is dead. */
  boolean ended() {
    return server != null && !server.alive();
  }

  @Override
  public Optional<Duration> crashed() {
    return budget.crashed();
  }

  /**
   * Begins another life, on the same data and the same socket.
   *
   * @return whether it runs; why not is logged
   */
  boolean restart() {
    if (server == null) {
      return false;
    }
    restarts++;
    try {
      server.restart();
      log.info("redis-server runs again, pid {}", server.pid());
      return true;
    } catch (RedisUnavailableException e) {
      log.warn("redis-server does not start again: {}", e.getMessage());
      return false;
    }
  }

  /**
   * Stops our server.
   *
   * @return whether it ended by itself
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
