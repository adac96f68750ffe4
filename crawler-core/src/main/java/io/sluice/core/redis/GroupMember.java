package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer's membership in the group of parsers: its name and the connection over which it acts.
 * The group is made where there is none. A connection on which a call fails is closed; the next
 * {@link #join} opens another.
 *
 * <p>Confined to its worker's thread: calls block it.
 */
final class GroupMember {

  private static final Logger LOG = LoggerFactory.getLogger(GroupMember.class);

  final PartitionKeys keys;
  final byte[] pages;
  final byte[] name;

  private final RedisPool pool;
  private final Refusals refusals;
  private @Nullable LeasedConnection connection;
  private boolean joined;

  /** A member that is not connected yet; the pool is borrowed. */
  GroupMember(RedisPool pool, PartitionKeys keys, String name) {
    this.pool = pool;
    this.keys = keys;
    this.pages = PartitionKeys.bytes(keys.pages());
    this.name = arg(name);
    this.refusals = new Refusals(pool, "readers of pages");
  }

  Consumer<byte[]> consumer() {
    return Consumer.from(arg(GROUP), name);
  }

  boolean connected() {
    return connection != null && connection.open();
  }

  /**
   * Connects anew, and makes the group if there is none.
   *
   * @throws RedisLostException if Redis does not answer or has no epoch
   * @throws RedisCommandExecutionException if Redis refuses
   */
  Session join() {
    leave();
    LeasedConnection opened = pool.lease("page-consumer", Keeping.FOR_LIFE);
    connection = opened;
    Session found = SessionReader.read(opened, keys);
    if (makeGroup(opened) && joined) {
      LOG.warn("the consumer group {} was gone; it is made again, and nothing is lost", GROUP);
    }
    joined = true;
    return found;
  }

  private boolean makeGroup(LeasedConnection opened) {
    try {
      opened.await(
          opened
              .commands()
              .xgroupCreate(
                  StreamOffset.from(pages, "0-0"),
                  arg(GROUP),
                  new XGroupCreateArgs().mkstream(true)));
      return true;
    } catch (RedisCommandExecutionException e) {
      if (!answers(e, "BUSYGROUP")) {
        throw e;
      }
      return false;
    }
  }

  private static boolean answers(RedisCommandExecutionException e, String word) {
    String message = e.getMessage();
    return message != null && message.startsWith(word);
  }

  /** Closes the connection, if there is one. */
  void leave() {
    if (connection != null) {
      connection.discard();
      connection = null;
    }
  }

  RedisAsyncCommands<byte[], byte[]> commands() {
    if (connection == null) {
      throw new RedisLostException("not connected");
    }
    return connection.commands();
  }

  <T> T await(CompletionStage<T> reply) {
    return await(reply, Duration.ZERO);
  }

  /** As {@link LeasedConnection#await}. */
  <T> T await(CompletionStage<T> reply, Duration longer) {
    if (connection == null) {
      throw new RedisLostException("not connected");
    }
    try {
      return connection.await(reply, longer);
    } catch (RedisLostException e) {
      leave();
      throw e;
    }
  }

  <T> T call(Script<T> script, byte[][] scriptKeys, byte[]... args) {
    return await(script.run(commands(), scriptKeys, args));
  }

  /** An answer that no call expects: the group is gone, or Redis is not what it was. */
  RedisLostException refused(RedisCommandExecutionException e) {
    leave();
    refusals.refused(String.valueOf(e.getMessage()));
    return new RedisLostException("Redis refused a command: " + e.getMessage(), e);
  }

  /** Redis does what it is asked. */
  void served() {
    refusals.taken();
  }
}
