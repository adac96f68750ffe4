package io.sluice.core.redis;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.RedisCommandExecutionException;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lifecycle.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a fetcher process asks of its partition's streams beside appending and reading: who else is
 * there, which leases are where, and the deletion of what is done. Thread-safe: stateless but for
 * the pool.
 */
public final class PartitionStreams {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionStreams.class);
  private static final int SCAN_PAGE = 1_000;
  private static final long POLL_MILLIS = 50;

  private final RedisPool pool;
  private final PartitionKeys keys;

  /** The streams of that partition, reached through {@code pool}, which is borrowed. */
  public PartitionStreams(RedisPool pool, PartitionKeys keys) {
    this.pool = pool;
    this.keys = keys;
  }

  static String publisherName(PartitionKeys keys, long incarnation) {
    return publisherPrefix(keys) + incarnation;
  }

  private static String publisherPrefix(PartitionKeys keys) {
    return "sluice-publisher-p" + keys.partition() + "-";
  }

  /**
   * Waits until no former fetcher process is connected as publisher, so that nothing more of it can
   * arrive.
   *
   * @throws RedisUnavailableException if one still is at the deadline
   */
  public void awaitNoPublisher(Deadline deadline) throws RedisUnavailableException {
    String mark = " name=" + publisherPrefix(keys);
    while (await(pool.submit(commands -> commands.clientList())).contains(mark)) {
      if (deadline.passed()) {
        throw new RedisUnavailableException(
            "Redis at "
                + pool.address()
                + ": another fetcher is connected for partition "
                + keys.partition()
                + "; stop it first");
      }
      pause();
    }
  }

  /**
   * Takes a number that is larger than every former process's, and larger than any entry's id.
   *
   * @param nowMillis the time, which the number follows
   */
  public long nextIncarnation(long nowMillis) {
    byte[] key = arg(keys.incarnation());
    byte[] recorded = await(pool.submit(commands -> commands.get(key)));
    long former = recorded == null ? 0 : Long.parseLong(Script.text(recorded));
    long next = Math.max(nowMillis, Math.max(former, newestEntryMillis()) + 1);
    await(pool.submit(commands -> commands.set(key, arg(next))));
    return next;
  }

  private long newestEntryMillis() {
    List<Object> info;
    try {
      info = await(pool.submit(commands -> commands.xinfoStream(arg(keys.pages()))));
    } catch (RedisCommandExecutionException e) {
      LOG.debug("no stream of pages yet", e);
      return 0;
    }
    for (int i = 0; i + 1 < info.size(); i += 2) {
      if (Script.text(info.get(i)).equals("last-generated-id")) {
        String id = Script.text(info.get(i + 1));
        return Long.parseLong(id, 0, id.indexOf('-'), 10);
      }
    }
    return 0;
  }

  /** The leases whose pages wait for parsers or are with them, each with its entry's id. */
  public Map<LeaseId, String> leasesInPages() {
    return scan(keys.pages());
  }

  /** The leases whose outcomes wait to be read, each with its entry's id. */
  public Map<LeaseId, String> leasesInOutcomes() {
    return scan(keys.outcomes());
  }

  private Map<LeaseId, String> scan(String stream) {
    Map<LeaseId, String> leases = new LinkedHashMap<>();
    String after = "0-0";
    while (true) {
      String from = after;
      List<Object> flat =
          await(
              pool.submit(
                  commands ->
                      Script.SCAN.run(
                          commands, new byte[][] {arg(stream)}, arg(from), arg(SCAN_PAGE))));
      for (int i = 0; i + 1 < flat.size(); i += 2) {
        after = Script.text(flat.get(i));
        LeaseId lease = LeaseId.parse(Script.text(flat.get(i + 1)));
        if (lease != null) {
          leases.put(lease, after);
        }
      }
      if (flat.size() < 2 * SCAN_PAGE) {
        return leases;
      }
    }
  }

  /** Deletes outcomes that are journaled. */
  public CompletionStage<Long> deleteOutcomes(Collection<String> entryIds) {
    byte[] stream = arg(keys.outcomes());
    String[] ids = entryIds.toArray(String[]::new);
    return pool.submit(commands -> commands.xdel(stream, ids));
  }

  /**
   * Takes pages back from whoever holds them; their commits are refused from then on.
   *
   * @return for each page, in order, whether it was still in the stream
   */
  public List<Boolean> revoke(List<String> entryIds) {
    byte[][] args = new byte[entryIds.size() + 1][];
    args[0] = arg(PartitionKeys.GROUP);
    for (int i = 0; i < entryIds.size(); i++) {
      args[i + 1] = arg(entryIds.get(i));
    }
    byte[][] scriptKeys = {arg(keys.pages()), arg(keys.strikes())};
    List<Boolean> there = new ArrayList<>(entryIds.size());
    await(pool.submit(commands -> Script.REVOKE.run(commands, scriptKeys, args)))
        .forEach(answer -> there.add(((Long) answer) > 0));
    return there;
  }

  private <T> T await(CompletableFuture<T> reply) {
    try {
      return reply.get(2 * pool.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      reply.cancel(false);
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } catch (TimeoutException e) {
      reply.cancel(false);
      throw new RedisLostException("Redis did not answer in time", e);
    } catch (ExecutionException e) {
      throw RedisPool.lost(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    }
  }
}
