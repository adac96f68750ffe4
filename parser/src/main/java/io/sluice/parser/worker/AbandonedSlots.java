package io.sluice.parser.worker;

import io.sluice.core.redis.PartitionKeys;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.SlotRecord;
import io.sluice.core.redis.SlotRecords;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.slot.Slot;
import io.sluice.parser.slot.SlotRecovery;
import io.sluice.parser.slot.Slots;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Cuts and seals what slots hold that nobody locks. Confined to its caller's thread. */
final class AbandonedSlots {

  private final Slots slots;
  private final SlotRecovery recovery;
  private final SlotRecords records;

  AbandonedSlots(
      Slots slots, OutputDirs dirs, RedisPool pool, PartitionKeys keys, ParserMetrics metrics) {
    this.slots = slots;
    this.recovery = new SlotRecovery(dirs, metrics.unrecorded());
    this.records = new SlotRecords(pool, keys);
  }

  /**
   * Does so for all of them.
   *
   * @return how many had files
   * @throws io.sluice.core.redis.RedisLostException if Redis does not answer
   */
  int seal() throws IOException {
    List<Slot> abandoned = slots.claimAbandoned();
    int found = 0;
    try {
      // Read after the locks are held: nobody commits for these slots any more.
      Map<String, SlotRecord> recorded =
          records.all().stream().collect(Collectors.toMap(SlotRecord::slot, Function.identity()));
      for (Slot slot : abandoned) {
        found += recovery.recover(slot, recorded.get(slot.name())) ? 1 : 0;
      }
    } finally {
      for (Slot slot : abandoned) {
        slots.release(slot);
      }
    }
    return found;
  }
}
