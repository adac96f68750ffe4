package io.sluice.core.redis;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.SetArgs;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fetcher's end of a partition's outcomes: reads them in order over a connection of its own,
 * and after every new connection from the beginning, since what was read may not have been deleted.
 * It also keeps the epoch: where there is none it writes a new one, before anything else.
 *
 * <p>Confined to its owner's thread: calls block it. {@link Thread#interrupt} ends a wait.
 */
public final class OutcomeReader implements AutoCloseable {

  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);
  private static final String BEGINNING = "0-0";

  private final RedisPool pool;
  private final PartitionKeys keys;
  private final byte[] stream;
  private final byte[] epochKey;
  private final SecureRandom random = new SecureRandom();
  private final OutcomeCodec codec = new OutcomeCodec();
  private final Refusals refusals;

  private @Nullable LeasedConnection connection;
  private @Nullable String runId;
  private String last = BEGINNING;

  /** A reader of that partition; connects with its first call. The pool is borrowed. */
  public OutcomeReader(RedisPool pool, PartitionKeys keys) {
    this.pool = pool;
    this.keys = keys;
    this.stream = arg(keys.outcomes());
    this.epochKey = arg(keys.epoch());
    this.refusals = new Refusals(pool, "readers of outcomes");
  }

  /**
   * One read.
   *
   * @param session when it differs from the former read's, Redis lost data or may have
   * @param outcomes what was read; empty when nothing came in time
   */
  public record Reading(Session session, List<Arrived> outcomes) {
    public Reading {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * An outcome as it was read. It may have been read before.
   *
   * @param entryId its id in the stream
   * @param outcome what it says
   */
  public record Arrived(String entryId, Decoded<Outcome> outcome) {}

  /**
   * Waits for outcomes.
   *
   * @param max outcomes at most
   * @param block how long to wait, one second at most; zero to look only
   * @throws RedisLostException if Redis does not answer; the next call connects anew
   */
  public Reading read(int max, Duration block) {
    Duration wait = block.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : block;
    LeasedConnection now = connect();
    try {
      RedisFuture<byte[]> epoch = now.commands().get(epochKey);
      List<StreamMessage<byte[], byte[]>> messages = readStream(now, max, wait);
      Session session = new Session(epoch(now, now.await(epoch)), String.valueOf(runId));
      List<Arrived> outcomes = new ArrayList<>(messages.size());
      for (StreamMessage<byte[], byte[]> message : messages) {
        last = message.getId();
        outcomes.add(new Arrived(last, codec.decode(Entries.outcome(message))));
      }
      refusals.taken();
      return new Reading(session, outcomes);
    } catch (RedisCommandExecutionException e) {
      disconnect();
      refusals.refused(String.valueOf(e.getMessage()));
      throw new RedisLostException("Redis refused to read outcomes: " + e.getMessage(), e);
    } catch (RedisLostException e) {
      disconnect();
      throw e;
    }
  }

  /** Goes back to the beginning of the stream: what is still there is read again. */
  public void rewind() {
    last = BEGINNING;
  }

  @Override
  public void close() {
    disconnect();
    codec.close();
  }

  @SuppressWarnings("unchecked") // the client library's varargs of a generic type
  private List<StreamMessage<byte[], byte[]>> readStream(
      LeasedConnection now, int max, Duration wait) {
    XReadArgs args = new XReadArgs().count(max);
    if (wait.toMillis() > 0) { // BLOCK 0 would wait without an end
      args.block(wait);
    }
    return now.await(now.commands().xread(args, StreamOffset.from(stream, last)), wait);
  }

  /** The epoch; a new one where Redis has none, which is written unless somebody was first. */
  private String epoch(LeasedConnection now, byte @Nullable [] found) {
    if (found != null) {
      return Script.text(found);
    }
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    now.await(
        now.commands().set(epochKey, arg(HexFormat.of().formatHex(bytes)), SetArgs.Builder.nx()));
    byte[] written = now.await(now.commands().get(epochKey));
    if (written == null) {
      throw new RedisLostException("the epoch of " + keys.epoch() + " was lost at once");
    }
    last = BEGINNING;
    return Script.text(written);
  }

  private LeasedConnection connect() {
    LeasedConnection open = connection;
    if (open != null && open.open()) {
      return open;
    }
    disconnect();
    LeasedConnection opened = pool.lease("outcome-reader", Keeping.FOR_LIFE);
    connection = opened;
    last = BEGINNING;
    try {
      runId = SessionReader.runId(opened);
    } catch (RedisLostException e) {
      disconnect();
      throw e;
    }
    return opened;
  }

  private void disconnect() {
    if (connection != null) {
      connection.discard();
      connection = null;
    }
  }
}
