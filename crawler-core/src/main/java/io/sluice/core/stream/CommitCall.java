package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;
import static io.sluice.core.stream.PartitionKeys.GROUP;

import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.Script;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of the commit script, ready to be made any number of times: a commit that happened
 * although its answer was lost is recognized by its first page. Immutable.
 *
 * @param keys the script's keys, in the order that it expects
 * @param args the script's arguments, in the order that it expects
 */
@SuppressWarnings("ArrayRecordComponent") // passed to the client library, never compared
record CommitCall(byte[][] keys, byte[][] args) {

  /** Stands for the outcome of a record-only entry, which has none. */
  private static final StreamEntry NONE = new StreamEntry(new byte[0], new byte[0], new byte[0]);

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
      Outcome outcome = page.outcome();
      StreamEntry entry = outcome == null ? NONE : outcomes.encode(outcome);
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

  /** Makes the call; returns the script's answer. */
  String on(GroupMember member) {
    return Script.text(member.call(Scripts.COMMIT, keys, args));
  }
}
