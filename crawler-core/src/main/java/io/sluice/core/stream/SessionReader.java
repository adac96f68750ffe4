package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisFuture;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.redis.ExclusiveConnection;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.Script;
import io.sluice.core.redis.ServerInfo;

/** Reads the session that a connection belongs to. Thread-safe: stateless. */
final class SessionReader {

  private SessionReader() {}

  /**
   * @param crawl the partition's owner
   * @throws NoEpochException if there is none
   * @throws RedisLostException if Redis does not answer
   */
  static Session read(ExclusiveConnection connection, PartitionKeys keys, CrawlIdentity crawl) {
    RedisFuture<byte[]> epoch = connection.commands().get(arg(keys.epoch()));
    String runId = runId(connection);
    byte[] value = connection.await(epoch);
    if (value == null) {
      throw new NoEpochException("no fetcher has started yet, or Redis lost its data");
    }
    return new Session(Script.text(value), runId, crawl);
  }

  /** The id of the redis-server process, new with each start. */
  static String runId(ExclusiveConnection connection) {
    String info = connection.await(connection.commands().info("server"));
    String runId = ServerInfo.fields(info).get("run_id");
    if (runId == null) {
      throw new RedisLostException("Redis does not report its run id");
    }
    return runId;
  }
}
