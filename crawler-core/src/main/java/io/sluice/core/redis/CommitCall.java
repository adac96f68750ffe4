package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.message.StreamEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of the commit script, ready to be made any number of times: a commit that happened
 * although its answer was lost is recognised by its first page. Immutable.
 *
 * @param keys the script's keys
 * @param args its arguments
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the client library and never compared
record CommitCall(byte[][] keys, byte[][] args) {

  static CommitCall of(
      GroupMember member,
      OutcomeCodec outcomes,
      Session read,
      SlotRecord record,
      List<Finished> finished) {
    String batch = finished.isEmpty() ? "" : finished.getFirst().entryId();
    List<byte[]> args = new ArrayList<>(6 + 4 * finished.size());
    args.add(arg(read.epoch()));
    args.add(arg(GROUP));
    args.add(member.name);
    args.add(arg(record.slot()));
    args.add(SlotRecordJson.encode(record, batch));
    args.add(arg(finished.size()));
    for (Finished page : finished) {
      StreamEntry entry = outcomes.encode(page.outcome());
      args.add(arg(page.entryId()));
      args.add(entry.lease());
      args.add(entry.header());
      args.add(entry.payload());
    }
    return new CommitCall(keys(member), args.toArray(byte[][]::new));
  }

  private static byte[][] keys(GroupMember member) {
    PartitionKeys keys = member.keys;
    return new byte[][] {
      member.pages,
      arg(keys.outcomes()),
      arg(keys.outputs()),
      arg(keys.epoch()),
      arg(keys.strikes())
    };
  }

  /** Makes the call; the script's word. */
  String on(GroupMember member) {
    return Script.text(member.call(Script.COMMIT, keys, args));
  }
}
