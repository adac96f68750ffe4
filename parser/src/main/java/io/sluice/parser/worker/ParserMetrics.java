package io.sluice.parser.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.sluice.core.lease.Reason;
import io.sluice.core.stream.Finished;
import io.sluice.parser.decode.TypeClass;
import io.sluice.parser.extract.LinkKind;
import io.sluice.parser.sink.ParsedPage;
import io.sluice.parser.sink.SinkKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The meters that all workers of a process share. Thread-safe: the meters are. */
final class ParserMetrics {

  private final MeterRegistry registry;
  private final Counter pages;
  private final Counter records;
  private final Counter failedPages;
  private final Counter overruns;
  private final Counter treeFallbacks;
  private final Counter batches;
  private final Counter suppressed;
  private final Counter unrecorded;
  private final Timer parse;
  private final Map<CommitFailure, Counter> commitFailures = new EnumMap<>(CommitFailure.class);
  private final Map<TypeClass, Counter> types = new EnumMap<>(TypeClass.class);
  private final Map<LinkKind, Counter> links = new EnumMap<>(LinkKind.class);
  private final Map<SinkKind, Counter> outputBytes = new EnumMap<>(SinkKind.class);

  ParserMetrics(MeterRegistry registry) {
    this.registry = registry;
    pages = counter("sluice.pages.parsed", "Pages whose outcome was committed");
    records = counter("sluice.records.written", "Record-only entries that were committed");
    failedPages = counter("sluice.pages.parse.failed", "Pages that made the parser throw");
    overruns = counter("sluice.page.overruns", "Pages that took longer than parser.page-timeout");
    treeFallbacks =
        counter(
            "sluice.parser.tree.fallbacks", "Times that the scanner left an HTML page to a tree");
    batches = counter("sluice.batches", "Batches committed");
    suppressed =
        counter(
            "sluice.links.suppressed",
            "Links left out of outcomes because they were offered before");
    unrecorded = counter("sluice.output.unrecorded.files", "Files whose record Redis had lost");
    parse =
        Timer.builder("sluice.parse")
            .description("Time to decode, extract and write a page")
            .register(registry);
    for (CommitFailure failure : CommitFailure.values()) {
      commitFailures.put(
          failure,
          Counter.builder("sluice.commit.failures")
              .description("Batches that were not committed, by reason")
              .tag("reason", failure.word())
              .register(registry));
    }
    for (TypeClass type : TypeClass.values()) {
      types.put(
          type,
          Counter.builder("sluice.page.types")
              .description("Pages parsed, by their class of content")
              .tag("type", type.word())
              .register(registry));
    }
    for (LinkKind kind : LinkKind.values()) {
      links.put(
          kind,
          Counter.builder("sluice.links")
              .description("Links found, each counted once per page")
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

  void parsed(ParsedPage page, long nanos, boolean overran) {
    boolean failed = page.reason() != Reason.OK;
    Counter type = types.get(TypeClass.of(page.contentType()));
    if (type != null) {
      type.increment();
    }
    parse.record(Duration.ofNanos(nanos));
    failedPages.increment(failed ? 1 : 0);
    overruns.increment(overran ? 1 : 0);
  }

  void committed(List<Finished> finished) {
    batches.increment();
    int withOutcome = (int) finished.stream().filter(one -> one.outcome() != null).count();
    pages.increment(withOutcome);
    records.increment(finished.size() - withOutcome);
  }

  /** Counts an HTML page for which a tree was built, because the scanner gave up. */
  void treeFallback() {
    treeFallbacks.increment();
  }

  /**
   * An action that counts a page that an extraction rule matches but on which a field is not found.
   */
  Runnable missingField(String rule, String field) {
    Counter missing =
        Counter.builder("sluice.parser.extract.missing")
            .description("Pages on which a rule of section extract did not find its field")
            .tag("rule", rule)
            .tag("field", field)
            .register(registry);
    return missing::increment;
  }

  /** Counts a commit that failed, or whose result is unknown. */
  void commitFailed(CommitFailure failure) {
    Counter counter = commitFailures.get(failure);
    if (counter != null) {
      counter.increment();
    }
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
