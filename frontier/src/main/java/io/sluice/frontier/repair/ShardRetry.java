package io.sluice.frontier.repair;

import io.sluice.core.url.Url;
import io.sluice.frontier.RetryFilter;
import io.sluice.frontier.TakenBack;
import io.sluice.frontier.hold.HostState;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.inspect.FailedUrls;
import io.sluice.frontier.inspect.ShardView;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.state.Event.HostAdded;
import io.sluice.frontier.state.Event.HostChanged;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.util.List;

/**
 * Takes back hosts that were given up, and requeues URLs that failed, in a shard without a running
 * crawl. It uses the events of a normal crawl, so that the shard stays consistent wherever the
 * retry is interrupted, and the retry can be run again. The URLs are judged by the settings when
 * the crawl continues. Used once, on one thread.
 */
public final class ShardRetry {

  /** Number of URLs whose events are handed to the operating system together. */
  private static final int WRITTEN_TOGETHER = 1024;

  /**
   * The numbers of requeued hosts and URLs.
   *
   * @param failed number of requeued URLs that had failed
   */
  public record Result(TakenBack hosts, long failed) {

    public static final Result NOTHING = new Result(TakenBack.NONE, 0);

    /** The sum of both. */
    public Result plus(Result other) {
      return new Result(hosts.plus(other.hosts), failed + other.failed);
    }
  }

  private final ShardStore store;
  private final Fingerprints fingerprints;
  private long failed;

  private ShardRetry(ShardStore store, Fingerprints fingerprints) {
    this.store = store;
    this.fingerprints = fingerprints;
  }

  /**
   * Requeues the matching hosts and URLs. The caller owns the frontier.
   *
   * @param files the shard's files, with the memory that the retry may use for the queues
   * @throws io.sluice.frontier.journal.DamagedFileException if the shard's files are damaged
   */
  public static Result retry(ShardFiles files, Fingerprints fingerprints, RetryFilter filter)
      throws IOException {
    FailedUrls found;
    try (ShardView view = ShardView.load(files, _ -> true, false)) {
      found = FailedUrls.find(view, fingerprints, filter);
    }
    try (ShardStore store = ShardStore.recover(files)) {
      ShardRetry retry = new ShardRetry(store, fingerprints);
      TakenBack hosts = retry.takeBack(filter); // first, so that these hosts are in use again
      found.visit(retry::queue);
      store.checkpoint();
      return new Result(hosts, retry.failed);
    }
  }

  private TakenBack takeBack(RetryFilter filter) throws IOException {
    TakenBack taken = TakenBack.NONE;
    for (HostQueue host : store.state().hosts()) {
      if (host.state() instanceof GivenUp givenUp
          && filter.matches(host.name(), givenUp.reason())) {
        change(host, givenUp.takenBack());
        taken = taken.plus(new TakenBack(1, host.size()));
      }
    }
    return taken;
  }

  private void queue(QueuedUrl line) throws IOException {
    Url url = Url.parse(line.href());
    if (url == null) {
      return; // no crawl of this version can have written that line
    }
    List<String> chain = QueuedUrl.chainBefore(line.href(), line.redirects());
    QueuedUrl queued =
        new QueuedUrl(line.href(), line.depth(), line.via(), chain, line.labels(), 0);
    HostQueue host = host(url.host());
    long fingerprint = fingerprints.of(line.href());
    PackedUrl packed = PackedUrl.pack(queued);
    store.commit(new Queued(host.id(), fingerprint, PrefixRule.NONE, Queued.How.AGAIN, packed));
    if (host.state() instanceof GivenUp givenUp && !givenUp.wanted()) {
      change(host, givenUp.want());
    }
    failed++;
    if (store.tidy()) {
      store.checkpoint();
    } else if (failed % WRITTEN_TOGETHER == 0) {
      store.write();
    }
  }

  private HostQueue host(String name) throws IOException {
    HostQueue known = store.state().host(name);
    if (known != null) {
      return known;
    }
    store.commit(new HostAdded(name));
    return store.state().hosts().getLast();
  }

  private void change(HostQueue host, HostState next) throws IOException {
    store.commit(new HostChanged(host.id(), next, store.state().runningMillis()));
  }
}
