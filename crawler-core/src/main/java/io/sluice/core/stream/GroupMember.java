package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;
import static io.sluice.core.stream.PartitionKeys.GROUP;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.redis.ExclusiveConnection;
import io.sluice.core.redis.Keeping;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Refusals;
import io.sluice.core.redis.Script;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer's membership in the group of parsers: its name and the connection over which it acts.
 * The group is created if there is none. A connection on which a call fails is closed; the next
 * {@link #join} opens another.
 *
 * <p>Confined to its worker's thread: calls block it.
 */
final class GroupMember {

  private static final Logger log = LoggerFactory.getLogger(GroupMember.class);

  final PartitionKeys keys;
  final byte[] pages;
  final byte[] name;

  private final RedisPool pool;
  private final Membership membership;
  private final Refusals refusals;
  private @Nullable ExclusiveConnection connection;
  private @Nullable CrawlIdentity crawl;
  private boolean joined;

  /** Creates a member that is not connected yet; the pool is borrowed. */
  GroupMember(RedisPool pool, Membership membership, String name) {
    this.pool = pool;
    this.membership = membership;
    this.keys = membership.keys();
    this.pages = PartitionKeys.bytes(keys.pages());
    this.name = arg(name);
    this.refusals = new Refusals(pool, "readers of pages");
  }

  Consumer<byte[]> consumer() {
    return Consumer.from(arg(GROUP), name);
  }

  /**
   * The pool's clock, which leaves out standstills of this process, so that other members do not
   * count as dead after one.
   */
  long nanoTime() {
    return pool.nanoTime();
  }

  boolean connected() {
    return connection != null && connection.open();
  }

  /**
   * Opens another connection, checks whether the process may work here, and creates the group if
   * there is none.
   *
   * @throws NotAdmittedException if the process may not work here
   * @throws RedisLostException if Redis does not answer or no fetcher has taken the partition
   * @throws RedisCommandExecutionException if Redis refuses
   */
  Session join() {
    leave();
    CrawlIdentity owner = membership.join(pool);
    crawl = owner;
    ExclusiveConnection opened = pool.exclusive("page-consumer", Keeping.FOR_LIFE);
    connection = opened;
    Session found = SessionReader.read(opened, keys, owner);
    if (makeGroup(opened) && joined) {
      log.warn("the consumer group {} was gone; it was created again, and nothing is lost", GROUP);
    }
    joined = true;
    return found;
  }

  private boolean makeGroup(ExclusiveConnection opened) {
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

  /** See {@link ExclusiveConnection#await}. */
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

  /** Runs a script, which does nothing if the owner or the node's holder has changed. */
  <T> T call(Script<T> script, byte[][] scriptKeys, byte[]... args) {
    CrawlIdentity owner = crawl;
    if (owner == null) {
      throw new RedisLostException("not connected");
    }
    return await(
        script.run(commands(), membership.keysWith(scriptKeys), membership.argsWith(owner, args)));
  }

  /**
   * Leaves after an unexpected refusal: the group is gone, or Redis has changed. Returns the
   * exception to throw.
   */
  RedisLostException refused(RedisCommandExecutionException e) {
    leave();
    refusals.refused(String.valueOf(e.getMessage()));
    return new RedisLostException("Redis refused a command: " + e.getMessage(), e);
  }

  /** Notes that Redis accepted a command. */
  void served() {
    refusals.taken();
  }
}
