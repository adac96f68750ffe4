package io.sluice.core.lifecycle;

import io.sluice.core.resource.Census;
import io.sluice.core.resource.DirectMemory;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The record of a shutdown: what it did, and which resources it left open. Immutable.
 *
 * @param process the process that stopped: {@code fetcher}
 * @param reason why: {@code SIGTERM}, {@code finished}
 * @param startedAt when the shutdown began
 * @param took how long it took, including the audit
 * @param cutShort whether a second signal ended the drain early
 * @param phases each phase's time, in order
 * @param stages the stages' parts, in data-flow order
 * @param leases what became of the leases
 * @param resting number of fetched pages that are left in Redis for the next run to parse; empty if
 *     unknown
 * @param left what the audit found
 * @param log counts of the log events before the report
 * @param failures what stages or resources threw, and what overran its bound; one line each
 * @param findings findings at the start that the user should know, such as leftovers; one line each
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
    OptionalLong resting,
    Leftovers left,
    LogCounts log,
    List<String> failures,
    List<String> findings,
    ExitCode exit) {

  public ShutdownReport {
    phases = inOrder(phases);
    stages = List.copyOf(stages);
    failures = List.copyOf(failures);
    findings = List.copyOf(findings);
  }

  /** The report with a further failure, which the exit code reflects. */
  public ShutdownReport withFailure(String failure) {
    List<String> more = new ArrayList<>(failures);
    more.add(failure);
    return new ShutdownReport(
        process,
        reason,
        startedAt,
        took,
        cutShort,
        phases,
        stages,
        leases,
        resting,
        left,
        log,
        more,
        findings,
        exit.worse(ExitCode.FORCED));
  }

  /** How many things stages cancelled before they began. */
  public int cancelled() {
    return stages.stream().mapToInt(StagePart::cancelled).sum();
  }

  /** How many things ended by themselves while stages drained. */
  public int drained() {
    return stages.stream().mapToInt(StagePart::drained).sum();
  }

  /** How many things the deadline or a second signal cut. */
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
   * @param cancelled number of things that it cancelled before they began
   * @param drained number of things that ended by themselves
   * @param forced number of things that the deadline cut
   * @param took the stage's time in each phase
   */
  public record StagePart(
      String name, int cancelled, int drained, int forced, Map<Phase, Duration> took) {
    public StagePart {
      took = inOrder(took);
    }
  }

  /**
   * The resources that were still open after everything was closed. Immutable.
   *
   * @param ledger open ledger entries made since the start, by kind
   * @param entries those entries; the first {@value #MAX_LISTED}
   * @param descriptorsAtStart the census when the process began
   * @param descriptorsNow the census after the last close
   * @param risen owned kinds with more descriptors than at the start, and by how many
   * @param threads names of threads started since and still alive, in alphabetical order
   * @param directMemory direct buffers, including those that pools keep for reuse, so this is not
   *     in itself a leak
   */
  public record Leftovers(
      Map<ResourceKind, Integer> ledger,
      List<String> entries,
      Census descriptorsAtStart,
      Census descriptorsNow,
      Map<ResourceKind, Integer> risen,
      List<String> threads,
      DirectMemory directMemory) {

    /** Maximum number of ledger entries and threads listed. */
    public static final int MAX_LISTED = 100;

    public Leftovers {
      ledger = Map.copyOf(ledger);
      entries = entries.stream().limit(MAX_LISTED).toList();
      risen = Map.copyOf(risen);
      threads = threads.stream().limit(MAX_LISTED).toList();
    }

    /**
     * Only the part that comes from the ledger, for a process in which others open descriptors and
     * threads of their own.
     */
    public Leftovers ofLedger() {
      return new Leftovers(
          ledger, entries, descriptorsAtStart, descriptorsNow, Map.of(), List.of(), directMemory);
    }

    /** Whether the shutdown left nothing behind: no ledger entry, further descriptor or thread. */
    public boolean clean() {
      return ledger.isEmpty() && risen.isEmpty() && threads.isEmpty();
    }
  }
}
