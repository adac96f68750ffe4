package io.sluice.parser.worker;

import io.sluice.core.stream.NotAdmittedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of a process's workers, including those during a stop: at most two per worker.
 * Thread-safe: a future and a copied list.
 */
final class WorkerFailures {

  private static final Logger log = LoggerFactory.getLogger(WorkerFailures.class);

  private final CompletableFuture<Throwable> first = new CompletableFuture<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /**
   * Whether the disk failed, or another program changed its files. An interrupt that cuts a worker
   * short closes the file that it writes; that does not count as a failure of the disk.
   */
  static boolean ofStorage(Throwable failure) {
    return failure instanceof IOException && !(failure instanceof ClosedChannelException);
  }

  /**
   * Notes that a worker failed. A failing disk, or a partition that belongs to another crawl, is
   * logged once, in one line; any other failure is logged in full.
   *
   * @param slot the worker's slot
   */
  void add(String slot, Throwable failure) {
    lines.add("worker %s: %s".formatted(slot, failure));
    boolean isFirst = first.complete(failure);
    if (failure instanceof NotAdmittedException) {
      if (isFirst) {
        log.error("{}", failure.getMessage());
      }
    } else if (!ofStorage(failure)) {
      log.error("worker {} failed", slot, failure);
    } else if (isFirst) {
      log.error("the output cannot be written: {}; fix that and run again", reason(failure));
    }
    log.debug("worker {} failed", slot, failure);
  }

  /** The message, with the exception's class if the message alone may be just the file's name. */
  private static String reason(Throwable failure) {
    boolean tells =
        failure.getClass().equals(IOException.class)
            || failure.getClass().equals(FileSystemException.class);
    return tells
        ? String.valueOf(failure.getMessage())
        : failure.getClass().getSimpleName().replace("Exception", "") + ": " + failure.getMessage();
  }

  /** Completes with the first failure, on its worker's thread. */
  CompletionStage<Throwable> first() {
    return first.minimalCompletionStage();
  }

  /** All failures, one line each. */
  List<String> lines() {
    return List.copyOf(lines);
  }
}
