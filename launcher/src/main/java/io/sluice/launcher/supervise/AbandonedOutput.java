package io.sluice.launcher.supervise;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.Ledger;
import io.sluice.core.stream.NotAdmittedException;
import io.sluice.launcher.process.CrawlFiles;
import io.sluice.launcher.process.Nodes;
import io.sluice.launcher.process.StopRequest;
import io.sluice.parser.node.ParserNode;
import io.sluice.parser.worker.ParserWorkers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Output that a killed parser left incomplete: at the end of a run it is truncated to the committed
 * part and sealed. Confined to the main thread.
 */
final class AbandonedOutput {

  private static final Logger log = LoggerFactory.getLogger(AbandonedOutput.class);

  private final SluiceConfig config;
  private final CrawlFiles files;
  private final CrawlRedis redis;
  private final StopRequest stop;
  private final Ledger ledger;

  /** Borrows its arguments. To be used after the parsers have ended and before Redis ends. */
  AbandonedOutput(
      SluiceConfig config, CrawlFiles files, CrawlRedis redis, StopRequest stop, Ledger ledger) {
    this.config = config;
    this.files = files;
    this.redis = redis;
    this.stop = stop;
    this.ledger = ledger;
  }

  /**
   * Seals the output; if Redis does not answer in time, the next run seals it.
   *
   * @return a line for the user if the files cannot be written
   */
  Optional<String> seal(Deadline deadline) {
    if (deadline.passed()) {
      log.info("no time is left to seal abandoned output; the next run will seal it");
      return Optional.empty();
    }
    if (!Files.isDirectory(files.output())) {
      log.warn("abandoned output cannot be sealed: {} is gone", files.output());
      return Optional.empty();
    }
    MeterRegistry meters = new SimpleMeterRegistry();
    CompletableFuture<?> late =
        new CompletableFuture<>()
            .completeOnTimeout(null, deadline.left().toMillis(), TimeUnit.MILLISECONDS)
            .acceptEither(stop.forced().toCompletableFuture(), _ -> {});
    try {
      ParserNode node = Nodes.of(config, ledger);
      try (RedisPool pool =
          RedisPool.open(
              redis.settings(), node.keys(), "sluice-" + Supervisor.NAME, ledger, meters, late)) {
        int slots = ParserWorkers.sealAbandoned(files.dir(), node, pool, ledger, meters);
        log.info("{} abandoned output slots were sealed", slots);
      }
    } catch (RedisUnavailableException | RedisLostException | NotAdmittedException e) {
      log.warn("abandoned output is left for the next run: {}", e.toString());
    } catch (IOException e) {
      String line = "abandoned output cannot be sealed: " + CrawlFiles.reason(e);
      log.error("{}", line);
      return Optional.of(line);
    } finally {
      meters.close();
    }
    return Optional.empty();
  }
}
