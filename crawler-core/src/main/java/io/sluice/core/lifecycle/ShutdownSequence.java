package io.sluice.core.lifecycle;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shutdown of a process, from the first signal to the report: all stages stop their intake, in
 * data-flow order; all cancel work that has not begun; each drains the work that has begun; then
 * the stages close in reverse, the final scope after them, and the audit looks at what is left.
 *
 * <p>Each call has a bound. One that throws or overruns is noted and does not stop the sequence:
 * the first failure is kept, later ones are suppressed in it, and it is logged once. {@link #force}
 * ends the drain at once.
 *
 * <p>A sequence runs once. Thread-safe: {@link #run} belongs to one thread, everything else may be
 * called from any.
 */
public final class ShutdownSequence {

  private enum State {
    WAITING,
    RUNNING,
    ENDED
  }

  private final Plan plan;
  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private final CompletableFuture<@Nullable Void> forced = new CompletableFuture<>();
  private volatile Progress progress;

  private ShutdownSequence(Plan plan) {
    this.plan = plan;
    this.progress = new Progress(null, plan.stages().size(), Map.of());
  }

  /**
   * Starts building a shutdown.
   *
   * @param process the process's name in the report
   * @param audit created when the process started
   */
  public static Builder of(String process, ShutdownAudit audit) {
    return new Builder(process, audit);
  }

  /**
   * Shuts down. Returns within the deadline plus the bounds of the calls that overran.
   *
   * @param reason why, for the report: {@code SIGTERM}
   * @param deadline until when stages may drain
   * @return the report; the caller writes it and exits with its code
   * @throws IllegalStateException if it has already run
   */
  public ShutdownReport run(String reason, Deadline deadline) {
    if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
      throw new IllegalStateException("the shutdown of " + plan.process() + " has already run");
    }
    try {
      return new ShutdownRun(plan, now -> progress = now)
          .run(reason, deadline.cutBy(forced), forced::isDone);
    } finally {
      state.set(State.ENDED);
    }
  }

  /**
   * Ends the drain now, or skips it, as a second signal demands. May be called in any state;
   * idempotent.
   */
  public void force() {
    forced.complete(null);
  }

  /** Whether {@link #run} was called. */
  public boolean begun() {
    return state.get() != State.WAITING;
  }

  /** The progress of the shutdown, for metrics. */
  public Progress progress() {
    return progress;
  }

  /**
   * The progress of a shutdown. Immutable.
   *
   * @param phase the current phase; null before it begins
   * @param openStages number of stages that are not closed yet
   * @param ended the time that each ended phase took
   */
  public record Progress(@Nullable Phase phase, int openStages, Map<Phase, Duration> ended) {
    public Progress {
      ended = Map.copyOf(ended);
    }
  }

  /** What a shutdown consists of. Immutable. */
  record Plan(
      String process,
      ShutdownAudit audit,
      List<Stage> stages,
      ResourceScope last,
      Supplier<LeaseSums> leases,
      Supplier<OptionalLong> resting,
      BooleanSupplier pageless,
      Supplier<LogCounts> logCounts,
      List<String> findings,
      Duration stepBound,
      Duration auditBound,
      Clock clock) {}

  /** Defines a shutdown. Confined to the thread that wires the process. */
  public static final class Builder {
    private static final Duration STEP_BOUND = Duration.ofSeconds(5);
    private static final Duration AUDIT_BOUND = Duration.ofSeconds(1);

    private final String process;
    private final ShutdownAudit audit;
    private final List<Stage> stages = new ArrayList<>();
    private ResourceScope last = new ResourceScope();
    private Supplier<LeaseSums> leases = () -> LeaseSums.NONE;
    private Supplier<OptionalLong> resting = OptionalLong::empty;
    private BooleanSupplier pageless = () -> false;
    private Supplier<LogCounts> logCounts = () -> LogCounts.NONE;
    private List<String> findings = List.of();
    private Duration stepBound = STEP_BOUND;
    private Duration auditBound = AUDIT_BOUND;
    private Clock clock = Clock.systemUTC();

    private Builder(String process, ShutdownAudit audit) {
      this.process = process;
      this.audit = audit;
    }

    /** Adds the next stage in data-flow order; stages close in the reverse order. */
    public Builder stage(Stage stage) {
      stages.add(stage);
      return this;
    }

    /**
     * The scope that closes after all stages: pools, event loops, files, metrics. Empty by default.
     */
    public Builder last(ResourceScope scope) {
      this.last = scope;
      return this;
    }

    /** Supplies the sums of leases; called once, after everything is closed. */
    public Builder leases(Supplier<LeaseSums> account) {
      this.leases = account;
      return this;
    }

    /**
     * Supplies the number of fetched pages that are left in Redis; called once, after everything is
     * closed.
     */
    public Builder resting(Supplier<OptionalLong> pages) {
      this.resting = pages;
      return this;
    }

    /**
     * Supplies whether the crawl ended without a page in its directory; called once, after
     * everything is closed. False by default.
     */
    public Builder pageless(BooleanSupplier ended) {
      this.pageless = ended;
      return this;
    }

    /** Supplies the counts of log events; called once, for the report. */
    public Builder logCounts(Supplier<LogCounts> counts) {
      this.logCounts = counts;
      return this;
    }

    /** Sets the findings at the start that the user should know. Empty by default. */
    public Builder findings(List<String> lines) {
      this.findings = List.copyOf(lines);
      return this;
    }

    /**
     * Sets how long a call may take before it counts as overdue; for a drain, how long beyond the
     * deadline. 5 s by default.
     */
    public Builder stepBound(Duration bound) {
      this.stepBound = bound;
      return this;
    }

    /** Sets how long the audit waits for resources that are still being closed. 1 s by default. */
    public Builder auditBound(Duration bound) {
      this.auditBound = bound;
      return this;
    }

    /** The clock of the report's time stamps; the system's by default. */
    public Builder clock(Clock reportClock) {
      this.clock = reportClock;
      return this;
    }

    /** The sequence, ready to run. */
    public ShutdownSequence build() {
      return new ShutdownSequence(
          new Plan(
              process,
              audit,
              List.copyOf(stages),
              last,
              leases,
              resting,
              pageless,
              logCounts,
              findings,
              stepBound,
              auditBound,
              clock));
    }
  }
}
