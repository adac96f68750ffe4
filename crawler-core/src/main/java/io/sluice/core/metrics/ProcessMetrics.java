package io.sluice.core.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.sluice.core.lifecycle.Phase;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What every process of Sluice shows of itself: the JVM, its descriptors, its ledger, its shutdown.
 * docs/metrics.md lists the names. Thread-safe; close it to end the listening to garbage
 * collections.
 */
public final class ProcessMetrics implements AutoCloseable {

  private final JvmGcMetrics gc = new JvmGcMetrics();

  private ProcessMetrics() {}

  /**
   * Binds the metrics of the JVM, the descriptors and the ledger.
   *
   * @param registry where; borrowed
   * @param census counted at most as often as it says is fresh
   */
  public static ProcessMetrics bind(
      MeterRegistry registry, DescriptorCensus census, Ledger ledger) {
    ProcessMetrics metrics = new ProcessMetrics();
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    metrics.gc.bindTo(registry);
    MemoryMetrics.bind(registry);
    bindDescriptors(registry, census);
    for (ResourceKind kind : ResourceKind.values()) {
      Gauge.builder("sluice.ledger.open", ledger, l -> l.open().getOrDefault(kind, 0))
          .tag("kind", kind.word())
          .description("Open entries of the ledger, by kind")
          .register(registry);
    }
    return metrics;
  }

  /** Binds the progress of the shutdown: what each phase took, and stages not closed yet. */
  public static void bindShutdown(MeterRegistry registry, ShutdownSequence sequence) {
    for (Phase phase : Phase.values()) {
      Gauge.builder("sluice.shutdown.seconds", sequence, s -> seconds(s, phase))
          .tag("phase", phase.word())
          .description("What the phase of the shutdown took, once it ended")
          .register(registry);
    }
    Gauge.builder(
            "sluice.shutdown.pending", sequence, s -> s.begun() ? s.progress().openStages() : 0)
        .description("Stages that a begun shutdown has not closed yet")
        .register(registry);
  }

  /** Ends the listening to garbage collections; the meters stay. */
  @Override
  public void close() {
    gc.close();
  }

  private static void bindDescriptors(MeterRegistry registry, DescriptorCensus census) {
    for (ResourceKind kind : ResourceKind.values()) {
      if (!kind.hasDescriptor()) {
        continue;
      }
      Gauge.builder("sluice.fds", census, c -> c.recent().count(kind))
          .tag("kind", kind.word())
          .description("Open descriptors, by owner")
          .register(registry);
    }
    // Not "total": Prometheus keeps that ending for counters.
    Gauge.builder("sluice.fds.open", census, c -> orNan(c.recent().total()))
        .description("Open descriptors")
        .register(registry);
    Gauge.builder("sluice.fds.limit", census, c -> orNan(c.recent().limit()))
        .description("How many descriptors the process may have open")
        .register(registry);
    Gauge.builder("sluice.fds.at.start", census, c -> orNan(c.atStart().total()))
        .description("Open descriptors when the process began")
        .register(registry);
    Gauge.builder("sluice.fds.phantom", census, c -> c.recent().phantomCount())
        .description("Ledger entries whose descriptor the kernel does not have")
        .register(registry);
  }

  private static double orNan(OptionalInt count) {
    return count.isPresent() ? count.getAsInt() : Double.NaN;
  }

  private static double seconds(ShutdownSequence sequence, Phase phase) {
    Duration took = sequence.progress().ended().get(phase);
    return took == null ? Double.NaN : took.toNanos() / 1e9;
  }
}
