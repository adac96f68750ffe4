package io.sluice.core.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Redis records of a partition's output slots: read by whoever cuts the files of slots that
 * nobody holds, at a parser's start and at the end of a crawl. Thread-safe: stateless but for the
 * pool.
 */
public final class SlotRecords {

  private static final Logger LOG = LoggerFactory.getLogger(SlotRecords.class);

  private final RedisPool pool;
  private final PartitionKeys keys;

  /** Records of that partition, read through {@code pool}, which is borrowed. */
  public SlotRecords(RedisPool pool, PartitionKeys keys) {
    this.pool = pool;
    this.keys = keys;
  }

  /**
   * The records of all slots, in no order. Blocks for a few round trips.
   *
   * @throws RedisLostException if Redis does not answer in time
   */
  public List<SlotRecord> all() {
    byte[] outputs = PartitionKeys.bytes(keys.outputs());
    List<SlotRecord> records = new ArrayList<>();
    await(pool.submit(commands -> commands.hgetall(outputs)))
        .forEach((slot, value) -> add(slot, value, records));
    return records;
  }

  private static void add(byte[] slotBytes, byte[] value, List<SlotRecord> records) {
    String slot = new String(slotBytes, StandardCharsets.UTF_8);
    SlotRecord record = SlotRecordJson.decode(slot, value);
    if (record == null) {
      LOG.warn("the record of output slot {} cannot be read; its files are left alone", slot);
    } else {
      records.add(record);
    }
  }

  private Map<byte[], byte[]> await(CompletableFuture<Map<byte[], byte[]>> reply) {
    try {
      return reply.get(2 * pool.commandTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    } catch (TimeoutException e) {
      reply.cancel(false);
      throw new RedisLostException("Redis did not answer in time", e);
    } catch (ExecutionException e) {
      throw RedisPool.lost(e);
    }
  }
}
