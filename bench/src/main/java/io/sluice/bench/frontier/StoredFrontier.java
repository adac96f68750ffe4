package io.sluice.bench.frontier;

import io.sluice.core.lease.Offer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * A frontier modelled on URLFrontier, over two ordered maps. An offer looks up its URL among the
 * known ones and, if it is new, writes to both maps. A lease reads the head of the queue whose turn
 * it is and marks it in memory. A settlement looks up the URL, removes it from the queue and marks
 * it as done. The counts of each queue are in memory; a restart rebuilds them by scanning both
 * maps, as in URLFrontier.
 *
 * <p>Two threads share the work by host. The RPC through which URLFrontier is called is not
 * measured. An offer counts as answered before it is durable; the store syncs ten times a second.
 */
final class StoredFrontier implements Contender {

  private static final int LANES = 2;
  private static final int TASKS_UNDER_WAY = 256;
  private static final int LEASES_A_TASK = 5_000;

  private final QueueStore store;
  private final List<HostQueues> lanes = new ArrayList<>();
  private final List<ExecutorService> threads = new ArrayList<>();
  private final Waits tasks = new Waits(TASKS_UNDER_WAY);

  /** A piece of work that runs on a lane's thread. */
  private interface Task {
    void run(HostQueues queues) throws Exception;
  }

  private StoredFrontier(QueueStore store) {
    this.store = store;
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(new HostQueues(store));
      threads.add(Executors.newSingleThreadExecutor());
    }
  }

  /** Takes ownership of the store and rebuilds the queues from it. */
  static StoredFrontier open(QueueStore store) throws Exception {
    StoredFrontier frontier = new StoredFrontier(store);
    store.scanScheduled(key -> frontier.recover(key, HostQueues::recoverScheduled));
    store.scanDone(key -> frontier.recover(key, HostQueues::recoverDone));
    return frontier;
  }

  private void recover(String key, BiConsumer<HostQueues, String> to) {
    String host = key.substring(0, key.indexOf(HostQueues.SEPARATOR));
    to.accept(lanes.get(lane(host)), host);
  }

  private static int lane(String host) {
    return Math.floorMod(host.hashCode(), LANES);
  }

  @Override
  public void offer(List<Offer> offers) throws InterruptedException {
    List<List<Offer>> parts = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      parts.add(new ArrayList<>());
    }
    offers.forEach(offer -> parts.get(lane(offer.url().host())).add(offer));
    long date = Instant.now().getEpochSecond();
    for (int lane = 0; lane < LANES; lane++) {
      List<Offer> part = parts.get(lane);
      send(lane, queues -> queues.offer(part, date));
    }
  }

  private void send(int lane, Task task) throws InterruptedException {
    tasks.begin();
    threads.get(lane).execute(() -> run(task, lanes.get(lane)));
  }

  private void run(Task task, HostQueues queues) {
    try {
      task.run(queues);
      tasks.end(null);
    } catch (Exception | Error failure) {
      tasks.end(failure);
    }
  }

  @Override
  public void awaitOffers() throws Exception {
    tasks.awaitAll();
    store.sync();
  }

  @Override
  public long leaseAndSettle(long count, long deadlineNanos) throws Exception {
    long before = settled();
    long sent = 0;
    while (sent < count && System.nanoTime() - deadlineNanos < 0) {
      int part = (int) Math.min(LEASES_A_TASK, count - sent);
      int lane = (int) (sent / LEASES_A_TASK % LANES);
      send(lane, queues -> queues.leaseAndSettle(part));
      sent += part;
    }
    awaitOffers();
    return settled() - before;
  }

  private long settled() {
    return lanes.stream().mapToLong(HostQueues::settled).sum();
  }

  @Override
  public Tally tally() {
    long accepted = lanes.stream().mapToLong(HostQueues::accepted).sum();
    long seen = lanes.stream().mapToLong(HostQueues::seen).sum();
    return new Tally(accepted, seen, 0);
  }

  @Override
  public void close() throws Exception {
    for (ExecutorService thread : threads) {
      thread.shutdown();
      if (!thread.awaitTermination(Waits.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("a lane did not end within " + Waits.LIMIT);
      }
    }
    store.close();
  }
}
