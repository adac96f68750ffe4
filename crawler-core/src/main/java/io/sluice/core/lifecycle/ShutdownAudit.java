package io.sluice.core.lifecycle;

import io.sluice.core.resource.Census;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.DirectMemory;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import io.sluice.core.resource.ThreadCensus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Compares what is open with what was open when the audit was created, at the process's start.
 * Kinds that the JVM opens and keeps as it likes (libraries, logs, terminals) are counted but never
 * reported as left open. Thread-safe: its state never changes.
 */
public final class ShutdownAudit {

  private static final Set<ResourceKind> OWNED =
      EnumSet.of(
          ResourceKind.REDIS,
          ResourceKind.HTTP,
          ResourceKind.HTTPS,
          ResourceKind.DNS,
          ResourceKind.ADMIN,
          ResourceKind.FRONTIER,
          ResourceKind.OUTPUT,
          ResourceKind.PIPE,
          ResourceKind.EPOLL,
          ResourceKind.UNATTRIBUTED);

  /** Channels and threads end a moment after the call that ends them. */
  private static final long LOOK_EVERY_NANOS = 10_000_000;

  private final DescriptorCensus census;
  private final Ledger ledger;
  private final Set<Ledger.Entry> entriesAtStart =
      Collections.newSetFromMap(new IdentityHashMap<>());
  private final ThreadCensus threads = ThreadCensus.start();

  /** Records what is open now; create it before any part opens anything. */
  public ShutdownAudit(DescriptorCensus census, Ledger ledger) {
    this.census = census;
    this.ledger = ledger;
    entriesAtStart.addAll(ledger.entries());
  }

  /** The ledger for what the shutdown itself opens. */
  Ledger ledger() {
    return ledger;
  }

  /** Returns what is still open; repeats the check until nothing is, or the deadline has passed. */
  public ShutdownReport.Leftovers look(Deadline until) {
    ShutdownReport.Leftovers left = lookOnce();
    while (!left.clean() && !until.passed()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      left = lookOnce();
    }
    return left;
  }

  private ShutdownReport.Leftovers lookOnce() {
    Map<ResourceKind, Integer> open = new EnumMap<>(ResourceKind.class);
    List<String> entries = new ArrayList<>();
    for (Ledger.Entry entry : ledger.entries()) {
      if (!entriesAtStart.contains(entry)) {
        open.merge(entry.kind(), 1, Integer::sum);
        entries.add(entry.toString());
      }
    }
    Census now = census.now();
    return new ShutdownReport.Leftovers(
        open,
        entries,
        census.atStart(),
        now,
        risen(census.atStart(), now),
        threads.started().stream().map(Thread::getName).sorted().toList(),
        DirectMemory.now());
  }

  private static Map<ResourceKind, Integer> risen(Census before, Census now) {
    Map<ResourceKind, Integer> risen = new EnumMap<>(ResourceKind.class);
    for (ResourceKind kind : OWNED) {
      int more = now.count(kind) - before.count(kind);
      if (more > 0) {
        risen.put(kind, more);
      }
    }
    return risen;
  }
}
