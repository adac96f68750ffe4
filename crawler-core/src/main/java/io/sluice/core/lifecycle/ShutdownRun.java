package io.sluice.core.lifecycle;

import io.sluice.core.lifecycle.BoundedSteps.Step;
import io.sluice.core.lifecycle.ShutdownReport.Leftovers;
import io.sluice.core.lifecycle.ShutdownReport.StagePart;
import io.sluice.core.lifecycle.ShutdownSequence.Plan;
import io.sluice.core.lifecycle.ShutdownSequence.Progress;
import io.sluice.core.lifecycle.Stage.Drained;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a {@link ShutdownSequence}. Confined to the thread that runs it. */
final class ShutdownRun {

  private static final Logger log = LoggerFactory.getLogger(ShutdownRun.class);

  private final Plan plan;
  private final Consumer<Progress> onProgress;
  private final List<Part> parts;
  private final Map<Phase, Duration> times = new EnumMap<>(Phase.class);
  private final List<String> failures = new ArrayList<>();
  private final BoundedSteps steps;
  private @Nullable Throwable firstFailure;
  private final Set<Thread> leftBehind = new HashSet<>();
  private int openStages;

  /**
   * Prepares a run.
   *
   * @param onProgress called when a phase begins and when stages close
   */
  ShutdownRun(Plan plan, Consumer<Progress> onProgress) {
    this.plan = plan;
    this.onProgress = onProgress;
    this.parts = plan.stages().stream().map(Part::new).toList();
    this.openStages = parts.size();
    this.steps = new BoundedSteps(plan.audit().ledger());
  }

  ShutdownReport run(String reason, Deadline drainBy, BooleanSupplier cutShort) {
    Instant startedAt = plan.clock().instant();
    long began = System.nanoTime();
    log.info(
        "{} is stopping: {}; {} ms to drain", plan.process(), reason, drainBy.left().toMillis());

    LeaseSums leases;
    OptionalLong resting;
    boolean pageless;
    LogCounts logCounts;
    try (steps) {
      timed(Phase.STOP_INTAKE, this::stopIntake);
      timed(Phase.CANCEL, this::cancelPending);
      timed(Phase.DRAIN, () -> drain(drainBy));
      timed(Phase.CLOSE, this::close);
      leases = ask("lease sums", plan.leases()::get, LeaseSums.NONE);
      resting = ask("count of pages resting in Redis", plan.resting()::get, OptionalLong.empty());
      pageless = ask("search for a page in the output", plan.pageless()::getAsBoolean, false);
      logCounts = ask("log counts", plan.logCounts()::get, LogCounts.NONE);
    }
    leftBehind.forEach(thread -> failures.add("thread " + thread.getName() + ": left behind"));
    long auditBegan = begin(Phase.AUDIT);
    Leftovers left = plan.audit().look(Deadline.in(auditBound()));
    end(Phase.AUDIT, auditBegan);

    if (firstFailure != null) {
      log.error("{} failed to stop in order", plan.process(), firstFailure);
    }
    List<StagePart> stages = parts.stream().map(Part::report).toList();
    int forced = stages.stream().mapToInt(StagePart::forced).sum();
    return new ShutdownReport(
        plan.process(),
        reason,
        startedAt,
        since(began),
        cutShort.getAsBoolean(),
        times,
        stages,
        leases,
        resting,
        left,
        logCounts,
        failures,
        plan.findings(),
        ExitPolicy.decide(
            forced, failures.size(), leases, left.clean() || !leftBehind.isEmpty(), pageless));
  }

  /** Resources held by a thread that was left behind are released only when the process ends. */
  private Duration auditBound() {
    return leftBehind.isEmpty() ? plan.auditBound() : Duration.ZERO;
  }

  private void stopIntake() {
    for (Part part : parts) {
      step(part, Phase.STOP_INTAKE, atOnce(), part.stage::stopIntake);
    }
  }

  private void cancelPending() {
    for (Part part : parts) {
      part.cancelled = step(part, Phase.CANCEL, atOnce(), part.stage::cancelPending, 0);
    }
  }

  private void drain(Deadline until) {
    for (Part part : parts) {
      part.drained = step(part, Phase.DRAIN, until, () -> part.stage.drain(until), Drained.NOTHING);
    }
  }

  private void close() {
    for (Part part : parts.reversed()) {
      step(part, Phase.CLOSE, atOnce(), part.stage::close);
      leftBehind.addAll(part.stage.leftBehind());
      failures.addAll(part.stage.failures());
      openStages--;
      onProgress.accept(new Progress(Phase.CLOSE, openStages, times));
    }
    ask(
        "close shared resources",
        () -> {
          plan.last().close();
          return true;
        },
        false);
  }

  private void step(Part part, Phase phase, Deadline until, Runnable call) {
    step(
        part,
        phase,
        until,
        () -> {
          call.run();
          return true;
        },
        false);
  }

  private <T> T step(Part part, Phase phase, Deadline until, Callable<T> call, T otherwise) {
    long began = System.nanoTime();
    T value = bounded(phase.word() + " " + part.stage.name(), until, call, otherwise);
    part.took.put(phase, since(began));
    return value;
  }

  private <T> T ask(String what, Callable<T> call, T otherwise) {
    return bounded(what, atOnce(), call, otherwise);
  }

  private <T> T bounded(String what, Deadline until, Callable<T> call, T otherwise) {
    return switch (steps.run(what, call, until, plan.stepBound())) {
      case Step.Ended<T>(T value) -> value;
      case Step.Threw<T>(Throwable failure) -> {
        failures.add(what + ": " + failure);
        firstFailure = Closing.keep(firstFailure, failure);
        yield otherwise;
      }
      case Step.Overran<T>() -> {
        failures.add(what + ": did not end in time and was left behind");
        yield otherwise;
      }
    };
  }

  private void timed(Phase phase, Runnable work) {
    long began = begin(phase);
    work.run();
    end(phase, began);
  }

  private long begin(Phase phase) {
    onProgress.accept(new Progress(phase, openStages, times));
    return System.nanoTime();
  }

  private void end(Phase phase, long began) {
    times.put(phase, since(began));
    onProgress.accept(new Progress(phase, openStages, times));
  }

  private static Duration since(long beganNanos) {
    return Duration.ofNanos(System.nanoTime() - beganNanos);
  }

  /** The deadline of a call that waits for nothing, so that only the step bound applies. */
  private static Deadline atOnce() {
    return Deadline.in(Duration.ZERO);
  }

  /** The state of a stage so far. */
  private static final class Part {
    private final Stage stage;
    private final Map<Phase, Duration> took = new EnumMap<>(Phase.class);
    private int cancelled;
    private Drained drained = Drained.NOTHING;

    Part(Stage stage) {
      this.stage = stage;
    }

    StagePart report() {
      return new StagePart(stage.name(), cancelled, drained.completed(), drained.forced(), took);
    }
  }
}
