package io.sluice.parser.worker;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.redis.ConsumerSettings;
import io.sluice.core.redis.Isolation;
import io.sluice.core.redis.PageConsumer;
import io.sluice.core.redis.PartitionKeys;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.resource.Ledger;
import io.sluice.parser.extract.ExtractBounds;
import io.sluice.parser.jsonl.JsonlSink;
import io.sluice.parser.sink.PageSink;
import io.sluice.parser.slot.OutputDirs;
import io.sluice.parser.slot.Slot;
import io.sluice.parser.slot.SlotOutput;
import io.sluice.parser.slot.SlotRecovery;
import io.sluice.parser.slot.SlotRegistry;
import io.sluice.parser.slot.Slots;
import io.sluice.parser.warc.WarcInfo;
import io.sluice.parser.warc.WarcSink;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What the workers of a process share, and how each gets its own parts from it. Immutable; all is
 * borrowed.
 */
record WorkerParts(
    SluiceConfig config,
    RedisPool pool,
    PartitionKeys keys,
    Isolation isolation,
    Slots slots,
    OutputDirs dirs,
    Ledger ledger,
    MeterRegistry registry,
    ParserMetrics metrics,
    LongSupplier nanoTime) {

  private static final Duration SHORTEST_CLAIM = Duration.ofSeconds(30);

  PageConsumer consumer(String slotName) {
    return PageConsumer.open(pool, keys, slotName, claiming(), isolation, registry);
  }

  /** Dead is who is silent for longer than the watchdog lets a page take. */
  private ConsumerSettings claiming() {
    Duration longest = config.parser().pageTimeout().multipliedBy(3);
    return ConsumerSettings.claimingAfter(
        longest.compareTo(SHORTEST_CLAIM) < 0 ? SHORTEST_CLAIM : longest);
  }

  PageParser parser() {
    return new PageParser(
        config.parser().maxInflatedBytes(), ExtractBounds.of(config), config.recrawl().enabled());
  }

  SlotRecovery recovery() {
    return new SlotRecovery(dirs, metrics.unrecorded());
  }

  SlotOutput output(Slot slot, SlotRegistry records) throws IOException {
    return new SlotOutput(
        slot, dirs, sinks(), records, ledger, config.output().rotateBytes(), metrics.unrecorded());
  }

  private List<PageSink.Factory> sinks() {
    int level = config.output().compressionLevel();
    List<PageSink.Factory> sinks = new ArrayList<>();
    if (config.output().jsonl()) {
      sinks.add(JsonlSink.factory(level));
    }
    if (config.output().warc()) {
      sinks.add(WarcSink.factory(level, WarcInfo.of(config), Clock.systemUTC()));
    }
    return sinks;
  }

  /** What a worker thread uses to clean up after former workers. */
  AbandonedSlots abandoned() {
    return new AbandonedSlots(slots, dirs, pool, keys, metrics);
  }
}
