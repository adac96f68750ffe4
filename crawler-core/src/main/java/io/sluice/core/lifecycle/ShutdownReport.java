package io.sluice.core.lifecycle;

import io.sluice.core.resource.Census;
import io.sluice.core.resource.DirectMemory;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a shutdown did and what it left. Immutable.
 *
 * @param process which process stopped: {@code fetcher}
 * @param reason why: {@code SIGTERM}, {@code finished}
 * @param startedAt when the shutdown began
 * @param took how long it took, the audit included
 * @param cutShort whether a second signal skipped the rest of the drain
 * @param phases each phase's time, in order
 * @param stages each stage's part, in the order of the data
 * @param leases what became of the leases
 * @param left what the audit found
 * @param log what was logged until the report
 * @param failures what stages or resources threw, and what overran its bound; a line each
 * @param exit the exit code that follows
 */
public record ShutdownReport(
    String process,
    String reason,
    Instant startedAt,
    Duration took,
    boolean cutShort,
    Map<Phase, Duration> phases,
    List<StagePart> stages,
    LeaseSums leases,
    Leftovers left,
    LogCounts log,
    List<String> failures,
    ExitCode exit) {

  public ShutdownReport {
    phases = inOrder(phases);
    stages = List.copyOf(stages);
    failures = List.copyOf(failures);
  }

  /** How many things stages cancelled before they began. */
  public int cancelled() {
    return stages.stream().mapToInt(StagePart::cancelled).sum();
  }

  /** How many things ended by themselves while stages drained. */
  public int drained() {
    return stages.stream().mapToInt(StagePart::drained).sum();
  }

  /** How many things the deadline, or a second signal, cut. */
  public int forced() {
    return stages.stream().mapToInt(StagePart::forced).sum();
  }

  private static Map<Phase, Duration> inOrder(Map<Phase, Duration> times) {
    Map<Phase, Duration> ordered = new EnumMap<>(Phase.class);
    ordered.putAll(times);
    return Collections.unmodifiableMap(ordered);
  }

  /**
   * One stage's part in the shutdown. Immutable.
   *
   * @param name the stage's name
   * @param cancelled what it cancelled before it began
   * @param drained what ended by itself
   * @param forced what the deadline cut
   * @param took its time in each phase
   */
  public record StagePart(
      String name, int cancelled, int drained, int forced, Map<Phase, Duration> took) {
    public StagePart {
      took = inOrder(took);
    }
  }

  /**
   * What was still there when all was closed. Immutable.
   *
   * @param ledger open ledger entries made since the start, by kind
   * @param entries those entries; the first {@value #MAX_LISTED}
   * @param descriptorsAtStart the census when the process began
   * @param descriptorsNow the census after the last close
   * @param risen owned kinds with more descriptors than at the start, and by how many
   * @param threads names of threads started since and still alive, in alphabetical order
   * @param directMemory direct buffers; what pools keep for reuse is among them, so this is no leak
   *     in itself
   */
  public record Leftovers(
      Map<ResourceKind, Integer> ledger,
      List<String> entries,
      Census descriptorsAtStart,
      Census descriptorsNow,
      Map<ResourceKind, Integer> risen,
      List<String> threads,
      DirectMemory directMemory) {

    /** How many ledger entries and threads are listed at most. */
    public static final int MAX_LISTED = 100;

    public Leftovers {
      ledger = Map.copyOf(ledger);
      entries = entries.stream().limit(MAX_LISTED).toList();
      risen = Map.copyOf(risen);
      threads = threads.stream().limit(MAX_LISTED).toList();
    }

    /** Whether nothing is left that should not be. */
    public boolean clean() {
      return ledger.isEmpty() && risen.isEmpty() && threads.isEmpty();
    }
  }
}
