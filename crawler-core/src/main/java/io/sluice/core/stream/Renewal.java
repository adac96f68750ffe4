package io.sluice.core.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.sluice.core.redis.Script;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a new incarnation for an appender when another program has appended to its stream: one at a
 * time. The first time, it warns the user.
 *
 * <p>Confined to the pool's I/O thread.
 */
final class Renewal {

  private static final Logger log = LoggerFactory.getLogger(Renewal.class);

  private final EventLoop loop;
  private final byte[] stream;
  private final Supplier<CompletionStage<Long>> source;
  private final Counter renewals;
  private boolean inProgress;
  private boolean told;

  /**
   * @param loop where the callbacks run
   * @param stream the stream's name, for the log
   * @param source takes an incarnation above every entry of the stream, on any thread
   * @param registry where renewals are counted; borrowed
   */
  Renewal(
      EventLoop loop,
      byte[] stream,
      Supplier<CompletionStage<Long>> source,
      MeterRegistry registry) {
    this.loop = loop;
    this.stream = stream;
    this.source = source;
    this.renewals =
        Counter.builder("sluice.pages.append.renewals")
            .description("Incarnations taken because another program had appended to the stream")
            .register(registry);
  }

  /** Whether an incarnation was requested and has not arrived. */
  boolean inProgress() {
    return inProgress;
  }

  /**
   * Requests an incarnation, unless a request is in progress. When it ends, one of the two
   * callbacks runs on the I/O thread, if that thread is still running.
   *
   * @param taken receives the incarnation
   * @param failed called if none could be taken; another request may follow
   */
  void ask(LongConsumer taken, Runnable failed) {
    if (inProgress) {
      return;
    }
    inProgress = true;
    renewals.increment();
    if (!told) {
      told = true;
      log.warn(
          "another program appended to {}: sending pages again with ids above that entry",
          Script.text(stream));
    }
    var _ =
        source
            .get()
            .whenComplete(
                (incarnation, failure) -> {
                  if (!loop.isShuttingDown()) {
                    loop.execute(() -> answered(incarnation, failure, taken, failed));
                  }
                });
  }

  private void answered(
      @Nullable Long incarnation,
      @Nullable Throwable failure,
      LongConsumer taken,
      Runnable failed) {
    inProgress = false;
    if (incarnation == null) {
      log.debug("no incarnation above another program's entry yet", failure);
      failed.run();
    } else {
      taken.accept(incarnation);
    }
  }
}
