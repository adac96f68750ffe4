package io.sluice.core.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.sluice.core.lifecycle.Phase;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.resource.Census;
import io.sluice.core.resource.DescriptorCensus;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.ResourceKind;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of every Sluice process: the JVM, its descriptors, its ledger, its shutdown.
 * docs/metrics.md lists the names. Thread-safe; close it to stop listening to garbage collections.
 */
public final class ProcessMetrics implements AutoCloseable {

  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final DescriptorCensus census;

  /** The count that a scrape shows; null between scrapes. */
  private volatile @Nullable Census scraped;

  private ProcessMetrics(DescriptorCensus census) {
    this.census = census;
  }

  /**
   * Binds the metrics of the JVM, the descriptors and the ledger.
   *
   * @param registry a registry without meters; borrowed
   * @param census counts the descriptors; scrapes share its latest count while that is fresh
   */
  public static ProcessMetrics bind(
      MeterRegistry registry, DescriptorCensus census, Ledger ledger) {
    ProcessMetrics metrics = new ProcessMetrics(census);
    registry.config().meterFilter(MeterFilter.deny(meter -> MISNAMED.contains(meter.getName())));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    bindProcessor(registry);
    BuildInfo.bind(registry);
    metrics.gc.bindTo(registry);
    MemoryMetrics.bind(registry);
    metrics.bindDescriptors(registry);
    for (ResourceKind kind : ResourceKind.values()) {
      Gauge.builder("sluice.ledger.open", ledger, l -> l.open().getOrDefault(kind, 0))
          .tag("kind", kind.word())
          .description("Open entries of the ledger, by kind")
          .register(registry);
    }
    return metrics;
  }

  /**
   * Binds Micrometer's processor metrics, except for two whose names Prometheus' checks refuse;
   * processor time is in seconds, under the name that all exporters use.
   */
  private static void bindProcessor(MeterRegistry registry) {
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      FunctionCounter.builder("process.cpu", system, s -> s.getProcessCpuTime() / 1e9)
          .baseUnit("seconds")
          .description("Processor time that the process has used")
          .register(registry);
    }
  }

  /** Binds the progress of the shutdown: the time of each phase, and the stages not closed yet. */
  public static void bindShutdown(MeterRegistry registry, ShutdownSequence sequence) {
    for (Phase phase : Phase.values()) {
      Gauge.builder("sluice.shutdown.seconds", sequence, s -> seconds(s, phase))
          .tag("phase", phase.word())
          .description("Time that the phase of the shutdown took, once it has ended")
          .register(registry);
    }
    Gauge.builder(
            "sluice.shutdown.pending", sequence, s -> s.begun() ? s.progress().openStages() : 0)
        .description("Stages that the shutdown has not closed yet")
        .register(registry);
  }

  /**
   * A scrape of the registry, all of it from one count of descriptors, so that the kinds add up to
   * their sum. Scrapes exclude each other.
   *
   * @param registry produces the page
   */
  public synchronized String scrape(Supplier<String> registry) {
    scraped = census.recent();
    try {
      return registry.get();
    } finally {
      scraped = null;
    }
  }

  private Census counted() {
    Census now = scraped;
    return now == null ? census.recent() : now;
  }

  /** Stops listening to garbage collections; the meters stay. */
  @Override
  public void close() {
    gc.close();
  }

  private void bindDescriptors(MeterRegistry registry) {
    for (ResourceKind kind : ResourceKind.values()) {
      if (!kind.hasDescriptor()) {
        continue;
      }
      Gauge.builder("sluice.fds", this, m -> m.counted().count(kind))
          .tag("kind", kind.word())
          .description("Open descriptors, by owner")
          .register(registry);
    }
    // Not "total", since Prometheus reserves that ending for counters.
    Gauge.builder("sluice.fds.open", this, m -> orNan(m.counted().total()))
        .description("Open descriptors")
        .register(registry);
    Gauge.builder("sluice.fds.limit", this, m -> orNan(m.counted().limit()))
        .description("Maximum number of descriptors the process may have open")
        .register(registry);
    Gauge.builder("sluice.fds.at.start", census, c -> orNan(c.atStart().total()))
        .description("Open descriptors when the process began")
        .register(registry);
    Gauge.builder("sluice.fds.phantom", this, m -> m.counted().phantomCount())
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
