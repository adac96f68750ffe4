package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.ExitCode;
import io.sluice.core.lifecycle.ResourceScope;
import io.sluice.core.lifecycle.ShutdownSequence;
import io.sluice.core.metrics.AdminServer;
import io.sluice.core.metrics.Health;
import io.sluice.core.metrics.Status;
import io.sluice.core.redis.RedisPool;
import io.sluice.parser.worker.ParserWorkers;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A parser process: workers that read pages until they are asked to stop. Confined to the process's
 * main thread.
 */
public final class ParserProcess {

  private static final Logger log = LoggerFactory.getLogger(ParserProcess.class);

  private static final String PARSER = "parser";
  private static final String WORKER_FAILED = "worker-failed";

  /** Why a parser stopped that cannot write its output: another one could not either. */
  public static final String STORAGE_FAILED = "storage-failed";

  private ParserProcess() {}

  /**
   * Runs the process from start to report.
   *
   * @throws CannotStart when the user must mend something first
   * @throws InterruptedException when the main thread is interrupted, which nothing here does
   */
  public static ExitCode run(SluiceConfig config, ProcessOptions options)
      throws CannotStart, InterruptedException {
    DescriptorLimit limit = DescriptorLimit.ofParser(config);
    ProcessBase base = ProcessBase.open(limit, options);
    Optional<ParserWorkers> started = base.started(unwind -> open(base, unwind));
    if (started.isEmpty()) {
      return base.leaveUnstarted();
    }
    ParserWorkers workers = started.get();
    var _ = workers.failure().thenAccept(failure -> base.stop().ask(reasonOf(failure)));
    String reason = base.stop().await();
    base.health().check(PARSER).notReady("stopping");
    ShutdownSequence sequence = base.shutdown().stage(workers).build();
    ExitCode exit = base.leave(sequence, reason, null);
    boolean failed = reason.equals(WORKER_FAILED) || reason.equals(STORAGE_FAILED);
    return failed && exit == ExitCode.CLEAN ? ExitCode.FORCED : exit;
  }

  private static String reasonOf(Throwable failure) {
    return failure instanceof IOException ? STORAGE_FAILED : WORKER_FAILED;
  }

  private static ParserWorkers open(ProcessBase base, ResourceScope unwind)
      throws CannotStart, IOException, InterruptedException {
    Health.Check ready = base.health().check(PARSER);
    AdminServer admin = base.serve(() -> status(base));
    RedisPool redis = base.redis();
    ParserWorkers workers =
        unwind.own(ParserWorkers.open(base.config(), redis, base.ledger(), base.registry()));
    base.announce(admin);
    ready.ready();
    log.info("parsing");
    return workers;
  }

  private static Status status(ProcessBase base) {
    return Status.of()
        .put("process", base.name())
        .put("pid", ProcessHandle.current().pid())
        .put("descriptors", base.descriptors())
        .put("fds", base.descriptorStatus())
        .put("redis", base.redisStatus())
        .put("state", base.stop().isAsked() ? "stopping" : "parsing")
        .build();
  }
}
