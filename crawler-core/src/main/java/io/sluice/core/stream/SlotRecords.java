package io.sluice.core.stream;

import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Redis's records of a partition's output slots, read in order to cut the files of abandoned slots
 * at a parser's start and at the end of a crawl. Thread-safe: stateless except for the pool.
 */
public final class SlotRecords {

  private static final Logger log = LoggerFactory.getLogger(SlotRecords.class);

  private final RedisPool pool;
  private final Membership membership;

  /** Reads the records of a membership's partition through {@code pool}, which is borrowed. */
  public SlotRecords(RedisPool pool, Membership membership) {
    this.pool = pool;
    this.membership = membership;
  }

  /**
   * The records of all slots, in no particular order. Blocks for a few round trips.
   *
   * @throws RedisLostException if Redis does not answer in time
   * @throws NotAdmittedException if they belong to another crawl
   */
  public List<SlotRecord> all() {
    membership.refuseAnother(pool);
    byte[] outputs = PartitionKeys.bytes(membership.keys().outputs());
    List<SlotRecord> records = new ArrayList<>();
    pool.ask(commands -> commands.hgetall(outputs))
        .forEach((slot, value) -> add(slot, value, records));
    return records;
  }

  /**
   * The nodes whose parsers are connected.
   *
   * @throws RedisLostException if Redis does not answer in time
   */
  public Set<String> livingNodes() {
    return membership.livingNodes(pool);
  }

  private static void add(byte[] slotBytes, byte[] value, List<SlotRecord> records) {
    String slot = new String(slotBytes, StandardCharsets.UTF_8);
    SlotRecord record = SlotRecordJson.decode(slot, value);
    if (record == null) {
      log.warn("the record of output slot {} cannot be read; its files are left alone", slot);
    } else {
      records.add(record);
    }
  }
}
