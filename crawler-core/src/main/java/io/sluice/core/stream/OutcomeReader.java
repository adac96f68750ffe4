package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.redis.ExclusiveConnection;
import io.sluice.core.redis.Keeping;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Refusals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fetcher's end of a partition's outcomes: reads them in order over a connection of its own,
 * and from the beginning on every new connection, since outcomes that were read may not have been
 * deleted. With each read it checks the partition's owner and epoch: if one of these is gone, or
 * outcomes are gone that were not journaled, it writes a new epoch before anything else.
 *
 * <p>Confined to its owner's thread: calls block it. {@link Thread#interrupt} ends a wait.
 */
public final class OutcomeReader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OutcomeReader.class);
  private static final Duration LONGEST_BLOCK = Duration.ofSeconds(1);
  private static final String BEGINNING = "0-0";

  private final RedisPool pool;
  private final byte[] stream;
  private final Ownership ownership;
  private final OutcomeCodec codec = new OutcomeCodec();
  private final Refusals refusals;

  private @Nullable ExclusiveConnection connection;
  private @Nullable String runId;
  private String last = BEGINNING;

  /**
   * Creates a reader, which connects with its first call.
   *
   * @param pool where its connection comes from; borrowed
   * @param ownership entitles the process to the partition; checked with each read
   */
  public OutcomeReader(RedisPool pool, PartitionKeys keys, Ownership ownership) {
    this.pool = pool;
    this.ownership = ownership;
    this.stream = arg(keys.outcomes());
    this.refusals = new Refusals(pool, "readers of outcomes");
  }

  /**
   * The result of one read.
   *
   * @param session if it differs from the session of the previous read, Redis has lost data, or may
   *     have
   * @param outcomes what was read; empty if nothing arrived in time
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
   * @param outcome the decoded outcome, or why it cannot be decoded
   */
  public record Arrived(String entryId, Decoded<Outcome> outcome) {}

  /**
   * Waits for outcomes.
   *
   * @param max maximum number of outcomes
   * @param block how long to wait, at most one second; zero not to wait
   * @throws RedisLostException if Redis does not answer; the next call connects again
   * @throws SupersededException if the partition now belongs to another process
   */
  public Reading read(int max, Duration block) {
    Duration wait = block.compareTo(LONGEST_BLOCK) > 0 ? LONGEST_BLOCK : block;
    ExclusiveConnection open = connect();
    try {
      CompletionStage<List<Object>> look =
          Scripts.LOOK.run(open.commands(), ownership.lookKeys(), ownership.with());
      List<StreamMessage<byte[], byte[]>> messages = readStream(open, max, wait);
      Session session =
          new Session(epoch(open, open.await(look)), String.valueOf(runId), ownership.crawl());
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

  /** Goes back to the beginning of the stream, so that what is still there is read again. */
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
      ExclusiveConnection open, int max, Duration wait) {
    XReadArgs args = new XReadArgs().count(max);
    if (wait.toMillis() > 0) { // BLOCK 0 would wait forever
      args.block(wait);
    }
    return open.await(open.commands().xread(args, StreamOffset.from(stream, last)), wait);
  }

  /** The epoch; a new one if Redis lost data, or another program deleted some. */
  private String epoch(ExclusiveConnection open, List<Object> answer) {
    Ownership.Found found = ownership.found(answer);
    switch (found.standing()) {
      case OURS -> {
        return found.epoch();
      }
      case ALTERED -> log.warn("another program is deleting outcomes that are not journaled yet");
      case UNOWNED -> log.debug("Redis has no owner or no epoch");
    }
    ownership.renewEpoch();
    last = BEGINNING;
    Ownership.Found again =
        ownership.found(
            open.await(Scripts.LOOK.run(open.commands(), ownership.lookKeys(), ownership.with())));
    if (again.epoch().isEmpty()) {
      throw new RedisLostException("the new epoch was lost immediately");
    }
    return again.epoch();
  }

  private ExclusiveConnection connect() {
    ExclusiveConnection open = connection;
    if (open != null && open.open()) {
      return open;
    }
    disconnect();
    ExclusiveConnection opened = pool.exclusive("outcome-reader", Keeping.FOR_LIFE);
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
