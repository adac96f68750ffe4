package io.sluice.launcher.process;

import io.sluice.core.config.OutputSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.Health;
import io.sluice.core.metrics.Status;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.stream.NotAdmittedException;
import io.sluice.parser.node.ParserNode;
import io.sluice.parser.sink.Compressor;
import io.sluice.parser.worker.ParserWorkers;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parser process: workers that read pages until they are asked to stop. Confined to the
 * process's main thread.
 */
public final class ParserProcess {

  private static final Logger log = LoggerFactory.getLogger(ParserProcess.class);

  private static final String PARSER = "parser";
  private static final String WORKER_FAILED = "worker-failed";

  /**
   * How long an unsupervised parser keeps working after a stop request, to find out whether its
   * fetcher is stopping, too.
   */
  private static final Duration HEARSAY = Duration.ofSeconds(1);

  /** The reason for a stop when the partition or the node's name belongs to another process. */
  private static final String NOT_ADMITTED = "not-admitted";

  /**
   * The reason for a stop when output cannot be written; another parser could not write it, either.
   */
  public static final String STORAGE_FAILED = "storage-failed";

  private ParserProcess() {}

  /**
   * Runs the process from start to report.
   *
   * @throws CannotStart if the user must fix something first
   * @throws InterruptedException if the main thread is interrupted, which Sluice never does
   */
  public static ExitCode run(SluiceConfig config, ProcessOptions options)
      throws CannotStart, InterruptedException {
    ProcessBase base = ProcessBase.open(FittedConfig.ofParser(config, options), options);
    Optional<ParserWorkers> started = base.started(unwind -> open(base, unwind));
    if (started.isEmpty()) {
      return base.leaveUnstarted();
    }
    ParserWorkers workers = started.get();
    var _ = workers.failure().thenAccept(failure -> base.stop().ask(reasonOf(failure)));
    String reason = base.stop().await();
    if (!options.supervised()) {
      Deadline hearsay = Deadline.in(HEARSAY).cutBy(base.stop().forced().toCompletableFuture());
      workers.awaitFetcherStop(hearsay);
    }
    base.health().check(PARSER).notReady("stopping");
    base.stop()
        .order()
        .filter(Order.Stop::drain)
        .ifPresent(order -> workers.drainStream(order.within()));
    ShutdownSequence sequence = base.shutdown().stage(workers).resting(workers::resting).build();
    return base.leave(sequence, reason, null);
  }

  private static String reasonOf(Throwable failure) {
    return switch (failure) {
      case IOException _ -> STORAGE_FAILED;
      case NotAdmittedException _ -> NOT_ADMITTED;
      default -> WORKER_FAILED;
    };
  }

  private static ParserWorkers open(ProcessBase base, ResourceScope unwind)
      throws CannotStart, IOException, InterruptedException, RedisUnavailableException {
    Health.Check ready = base.health().check(PARSER);
    AdminServer admin = base.serve(() -> status(base));
    ParserNode node = Nodes.of(base.config(), base.ledger());
    RedisPool redis = base.redis(node.keys(), node.clientName());
    node.membership().check(redis, base.stop().asked().toCompletableFuture());
    ParserWorkers workers = unwind.own(openWorkers(base, node, redis));
    base.announce(admin);
    ready.ready();
    log.info("parsing, as node {}; output is {}", node.name(), compression(base.config()));
    return workers;
  }

  private static ParserWorkers openWorkers(ProcessBase base, ParserNode node, RedisPool redis)
      throws CannotStart, IOException {
    try {
      return ParserWorkers.open(base.config(), node, redis, base.ledger(), base.registry());
    } catch (LinkageError e) {
      throw new CannotStart(
          "output.compression=%s: its native library cannot be loaded (%s); it is unpacked into the temporary directory, where programs must be allowed to run; allow that or use gzip"
              .formatted(base.config().output().compression().word(), e.getMessage()));
    }
  }

  private static Status status(ProcessBase base) {
    return Status.of()
        .put("process", base.name())
        .put("pid", ProcessHandle.current().pid())
        .put("descriptors", base.descriptors())
        .put("fds", base.descriptorStatus())
        .put("redis", base.redisStatus())
        .put("notReady", base.healthStatus())
        .put("compression", compression(base.config()))
        .put("state", base.stop().isAsked() ? "stopping" : "parsing")
        .build();
  }

  /**
   * Describes how output is compressed and by which library, since the faster one exists only on
   * some systems.
   */
  private static String compression(SluiceConfig config) {
    OutputSettings output = config.output();
    return "%s of level %d by %s"
        .formatted(
            output.compression().word(), output.compressionLevel(), Compressor.library(output));
  }
}
