package io.sluice.parser.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.ConsumerSettings;
import io.sluice.core.stream.Isolation;
import io.sluice.core.stream.Membership;
import io.sluice.core.stream.PageConsumer;
import io.sluice.parser.addition.AdditionReader;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.jsonl.JsonlSink;
import io.sluice.parser.node.ParserNode;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.slot.Slot;
import io.sluice.parser.slot.SlotOutput;
import io.sluice.parser.slot.SlotRecovery;
import io.sluice.parser.slot.SlotRegistry;
import io.sluice.parser.slot.Slots;
import io.sluice.parser.warc.ArchiveRule;
import io.sluice.parser.warc.WarcInfo;
import io.sluice.parser.warc.WarcSink;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The parts that the workers of a process share, from which each worker's own are made. Immutable;
 * everything is borrowed.
 */
record WorkerParts(
    SluiceConfig config,
    RedisPool pool,
    ParserNode node,
    Membership membership,
    Isolation isolation,
    Slots slots,
    OutputDirs dirs,
    Ledger ledger,
    MeterRegistry registry,
    ParserMetrics metrics,
    StreamDrain drain,
    LongSupplier nanoTime) {

  private static final Duration SHORTEST_CLAIM = Duration.ofSeconds(30);

  PageConsumer consumer(String slotName) {
    return PageConsumer.open(pool, membership, slotName, claiming(), isolation, registry);
  }

  /**
   * A consumer counts as dead once it has been silent for longer than the watchdog allows a page.
   */
  private ConsumerSettings claiming() {
    Duration longest = config.parser().pageTimeout().multipliedBy(3);
    return ConsumerSettings.claimingAfter(
        longest.compareTo(SHORTEST_CLAIM) < 0 ? SHORTEST_CLAIM : longest);
  }

  PageParser parser() {
    long tree = PageMemory.treeBytes(config);
    return new PageParser(
        config.parser().maxInflatedBytes(),
        ExtractBounds.of(config, tree),
        AdditionReader.of(config, metrics::missingField, tree),
        config.recrawl().enabled(),
        metrics::treeFallback);
  }

  SlotRecovery recovery() {
    return new SlotRecovery(dirs, metrics.unrecorded());
  }

  SlotOutput output(Slot slot, SlotRegistry records) throws IOException {
    return new SlotOutput(
        slot,
        dirs,
        sinks(),
        records,
        ledger,
        config.output().rotateBytes(),
        metrics.unrecorded(),
        Clock.systemUTC());
  }

  private List<PageSink.Factory> sinks() {
    Compressor compressor = Compressor.of(config.output(), ledger);
    List<PageSink.Factory> sinks = new ArrayList<>();
    if (config.output().jsonl()) {
      sinks.add(JsonlSink.factory(compressor));
    }
    if (config.output().warc()) {
      ArchiveRule rule = new ArchiveRule(ExtractBounds.of(config, 0));
      sinks.add(WarcSink.factory(compressor, WarcInfo.of(config), rule, Clock.systemUTC()));
    }
    return sinks;
  }

  /** Creates what a worker's thread needs to clean up after previous workers. */
  AbandonedSlots abandoned() {
    return new AbandonedSlots(slots, dirs, pool, membership, metrics);
  }
}
