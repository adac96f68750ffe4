package io.sluice.core.redis;

import static io.sluice.core.redis.PartitionKeys.GROUP;
import static io.sluice.core.redis.Script.arg;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.message.Page;
import io.sluice.core.message.StreamEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts pages that are given up into the stream of the dead, and ends their leases as failed.
 *
 * <p>Confined to its worker's thread.
 */
final class Graveyard {

  /** Entries that the stream of the dead keeps. */
  private static final int KEPT = 10_000;

  private final GroupMember member;
  private final OutcomeCodec outcomes;
  private final MeterRegistry registry;

  /** All is borrowed. */
  Graveyard(GroupMember member, OutcomeCodec outcomes, MeterRegistry registry) {
    this.member = member;
    this.outcomes = outcomes;
    this.registry = registry;
  }

  /** Buries a page that killed its workers. */
  void buryPoison(Session now, String id, Page page) {
    bury(now, id, "poison-page", Graves.poison(page));
  }

  /** Buries an entry that cannot be read; its lease is ended where it is known. */
  void buryMalformed(Session now, String id, @Nullable LeaseId lease) {
    bury(now, id, "malformed-page", lease == null ? null : Graves.malformed(lease));
  }

  private void bury(Session now, String id, String reason, @Nullable Outcome outcome) {
    List<byte[]> args = new ArrayList<>();
    args.add(arg(now.epoch()));
    args.add(arg(GROUP));
    args.add(member.name);
    args.add(arg(id));
    args.add(arg(reason));
    args.add(arg(KEPT));
    if (outcome != null) {
      StreamEntry entry = outcomes.encode(outcome);
      args.add(entry.lease());
      args.add(entry.header());
      args.add(entry.payload());
    }
    PartitionKeys keys = member.keys;
    byte[][] scriptKeys = {
      member.pages, arg(keys.outcomes()), arg(keys.dead()), arg(keys.epoch()), arg(keys.strikes())
    };
    byte[] answer = member.call(Script.BURY, scriptKeys, args.toArray(byte[][]::new));
    if (Script.text(answer).equals("committed")) {
      registry.counter("sluice.pages.dead", "reason", reason).increment();
    }
  }
}
