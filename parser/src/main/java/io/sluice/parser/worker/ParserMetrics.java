package io.sluice.parser.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.parser.extract.LinkKind;
import io.sluice.parser.sink.SinkKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** What the workers of a process count, together. Thread-safe: the meters are. */
final class ParserMetrics {

  private final MeterRegistry registry;
  private final Counter pages;
  private final Counter failedPages;
  private final Counter overruns;
  private final Counter batches;
  private final Counter suppressed;
  private final Counter unrecorded;
  private final Timer parse;
  private final Map<LinkKind, Counter> links = new EnumMap<>(LinkKind.class);
  private final Map<SinkKind, Counter> outputBytes = new EnumMap<>(SinkKind.class);

  ParserMetrics(MeterRegistry registry) {
    this.registry = registry;
    pages = counter("sluice.pages.parsed", "Pages whose outcome was committed");
    failedPages = counter("sluice.pages.parse.failed", "Pages that made the parser throw");
    overruns = counter("sluice.page.overruns", "Pages that took longer than parser.page-timeout");
    batches = counter("sluice.batches", "Batches committed");
    suppressed = counter("sluice.links.suppressed", "Links left out of outcomes: offered before");
    unrecorded = counter("sluice.output.unrecorded.files", "Files whose record Redis had lost");
    parse =
        Timer.builder("sluice.parse")
            .description("Time to decode, extract and write a page")
            .register(registry);
    for (LinkKind kind : LinkKind.values()) {
      links.put(
          kind,
          Counter.builder("sluice.links")
              .description("Links found, each once a page")
              .tag("kind", kind.word())
              .register(registry));
    }
    for (SinkKind kind : SinkKind.values()) {
      outputBytes.put(
          kind,
          Counter.builder("sluice.output")
              .baseUnit("bytes")
              .description("Bytes committed to output files")
              .tag("sink", kind.word())
              .register(registry));
    }
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  void parsed(long nanos, boolean failed, boolean overran) {
    parse.record(Duration.ofNanos(nanos));
    failedPages.increment(failed ? 1 : 0);
    overruns.increment(overran ? 1 : 0);
  }

  void committed(int committedPages) {
    batches.increment();
    pages.increment(committedPages);
  }

  /** A commit that did not happen, or of which nobody knows. */
  void commitFailed(String reason) {
    registry.counter("sluice.commit.failures", "reason", reason).increment();
  }

  void link(LinkKind kind) {
    Counter counter = links.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }

  void suppressed(int count) {
    suppressed.increment(count);
  }

  void wrote(SinkKind sink, long bytes) {
    Counter counter = outputBytes.get(sink);
    if (counter != null) {
      counter.increment((double) bytes);
    }
  }

  /** Counts files whose record Redis lost. */
  Counter unrecorded() {
    return unrecorded;
  }
}
