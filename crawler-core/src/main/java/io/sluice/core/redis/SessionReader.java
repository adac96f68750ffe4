package io.sluice.core.redis;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisFuture;

/** Reads the session that a connection belongs to. Thread-safe: stateless. */
final class SessionReader {

  private SessionReader() {}

  /**
   * @throws NoEpochException if there is none
   * @throws RedisLostException if Redis does not answer
   */
  static Session read(LeasedConnection connection, PartitionKeys keys) {
    RedisFuture<byte[]> epoch = connection.commands().get(arg(keys.epoch()));
    String runId = runId(connection);
    byte[] value = connection.await(epoch);
    if (value == null) {
      throw new NoEpochException();
    }
    return new Session(Script.text(value), runId);
  }

  /** The id of the redis-server process, new with each start. */
  static String runId(LeasedConnection connection) {
    String info = connection.await(connection.commands().info("server"));
    String runId = ServerCheck.fields(info).get("run_id");
    if (runId == null) {
      throw new RedisLostException("Redis does not tell its run id");
    }
    return runId;
  }
}
