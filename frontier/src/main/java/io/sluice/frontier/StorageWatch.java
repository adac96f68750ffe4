package io.sluice.frontier;

import io.sluice.core.resource.FileMark;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Watches the frontier's directories while they are in use: holds their lock, checks that they are
 * still there, and collects all failures of the storage, up to and including the last checkpoint. A
 * shard fails at most once. Thread-safe: a future, a copied list, immutable marks.
 */
final class StorageWatch {

  private final DirectoryLock lock;
  private final List<FileMark> places;
  private final CompletableFuture<Throwable> first = new CompletableFuture<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  /**
   * @param lock takes ownership
   * @param places the directories that must stay where they are
   */
  StorageWatch(DirectoryLock lock, List<FileMark> places) {
    this.lock = lock;
    this.places = List.copyOf(places);
  }

  /** Notes a failure. */
  void failed(Throwable failure) {
    lines.add(String.valueOf(failure.getMessage()));
    first.complete(failure);
  }

  /**
   * Checks that the directories are still in place; a missing one fails the storage, unless that
   * has failed before.
   */
  void look() {
    try {
      lock.verify();
      for (FileMark place : places) {
        place.verify();
      }
    } catch (IOException e) {
      if (!first.isDone()) {
        failed(e);
      }
    }
  }

  /** Completes with the first failure, on the thread where it occurred. */
  CompletionStage<Throwable> first() {
    return first.minimalCompletionStage();
  }

  /** Messages of all failures, one line each. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Releases the directory. */
  void release() {
    try {
      lock.close();
    } catch (IOException e) {
      failed(new FrontierException("the frontier's lock: " + e.getMessage(), e));
    }
  }
}
