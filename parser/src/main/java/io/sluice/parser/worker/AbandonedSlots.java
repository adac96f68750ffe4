package io.sluice.parser.worker;

import io.sluice.core.redis.RedisPool;
import io.sluice.core.stream.Membership;
import io.sluice.core.stream.SlotRecord;
import io.sluice.core.stream.SlotRecords;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.slot.Slot;
import io.sluice.parser.slot.SlotRecovery;
import io.sluice.parser.slot.Slots;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Cuts and seals the files of slots whose lock no process holds. Confined to its caller's thread.
 */
final class AbandonedSlots {

  private final Slots slots;
  private final SlotRecovery recovery;
  private final SlotRecords records;

  AbandonedSlots(
      Slots slots, OutputDirs dirs, RedisPool pool, Membership membership, ParserMetrics metrics) {
    this.slots = slots;
    this.recovery = new SlotRecovery(dirs, metrics.unrecorded());
    this.records = new SlotRecords(pool, membership);
  }

  /**
   * Seals the files of all abandoned slots.
   *
   * @return the number of slots that had files
   * @throws io.sluice.core.redis.RedisLostException if Redis does not answer
   * @throws io.sluice.core.stream.NotAdmittedException if the partition belongs to another crawl
   */
  int seal() throws IOException {
    if (slots.withFiles().isEmpty()) {
      return 0;
    }
    List<Slot> abandoned = slots.claimAbandoned(records.livingNodes());
    int found = 0;
    try {
      // Read once the locks are held: from then on no other process commits for these slots.
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
