package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;
import static io.sluice.core.stream.PartitionKeys.GROUP;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Reason;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.message.Page;
import io.sluice.core.message.Published;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.Script;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves pages that are given up to the dead-letter stream, and ends their leases as failed. A
 * record-only entry has no lease to end.
 *
 * <p>Confined to its worker's thread.
 */
final class DeadLetters {

  /** Maximum number of entries in the dead-letter stream; the oldest ones are dropped. */
  private static final int KEPT = 10_000;

  private final GroupMember member;
  private final OutcomeCodec outcomes;
  private final Counter poisonPages;
  private final Counter malformedPages;

  /** All parameters are borrowed. */
  DeadLetters(GroupMember member, OutcomeCodec outcomes, MeterRegistry registry) {
    this.member = member;
    this.outcomes = outcomes;
    this.poisonPages = buried(registry, Reason.POISON_PAGE);
    this.malformedPages = buried(registry, Reason.MALFORMED_PAGE);
  }

  private static Counter buried(MeterRegistry registry, Reason reason) {
    return Counter.builder("sluice.pages.dead")
        .description("Pages that were given up, by reason")
        .tag("reason", reason.word())
        .register(registry);
  }

  /** Moves a page or record-only entry that killed its workers to the dead letters. */
  void buryPoison(Session session, String id, Published content) {
    Outcome outcome =
        switch (content) {
          case Page page -> DeadOutcome.poison(page);
          case RecordOnly _ -> null;
        };
    bury(session, id, Reason.POISON_PAGE, outcome, poisonPages);
  }

  /** Moves an entry that cannot be read to the dead letters; ends its lease if that is known. */
  void buryMalformed(Session session, String id, @Nullable LeaseId lease) {
    Outcome outcome = lease == null ? null : DeadOutcome.malformed(lease);
    bury(session, id, Reason.MALFORMED_PAGE, outcome, malformedPages);
  }

  private void bury(
      Session session, String id, Reason reason, @Nullable Outcome outcome, Counter buried) {
    List<byte[]> args = new ArrayList<>();
    args.add(arg(session.epoch()));
    args.add(arg(GROUP));
    args.add(member.name);
    args.add(arg(id));
    args.add(arg(reason.word()));
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
    byte[] answer = member.call(Scripts.BURY, scriptKeys, args.toArray(byte[][]::new));
    if (Script.text(answer).equals("committed")) {
      buried.increment();
    }
  }
}
