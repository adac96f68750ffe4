package io.sluice.frontier.shard;

import io.sluice.core.config.RecrawlSettings;
import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.PageVersion;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Validators;
import io.sluice.frontier.TestConfig;
import io.sluice.frontier.queue.HostQueue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A shard that visits pages again, each minute at first, by a clock that the test sets. */
abstract class RecrawlFixture extends ShardFixture {

  static final RecrawlSettings MINUTELY =
      new RecrawlSettings(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(240));

  RecrawlFixture() {
    config.recrawl = MINUTELY;
    wall = Instant.parse("2026-11-21T10:00:00Z");
  }

  /** The waiting URLs, in order, each with its stored data, by due time. */
  Map<Long, List<String>> calendar() throws IOException {
    Map<Long, List<String>> found = new TreeMap<>();
    for (Map.Entry<Long, HostQueue> bucket : store.state().calendar().byTime().entrySet()) {
      List<String> urls = new ArrayList<>();
      store
          .state()
          .queues()
          .visit(bucket.getValue(), (_, url) -> urls.add(url.unpack().toString()));
      found.put(bucket.getKey(), urls);
    }
    return found;
  }

  static PageVersion version(long digest) {
    Validators validators = Validators.of("\"" + digest + "\"", "Sat, 21 Nov 2026 10:00:00 GMT");
    return new PageVersion(validators, digest);
  }

  static UrlEnd ended(Ending ending, int status) {
    return new UrlEnd(ending, Reason.OK, status, null, Instant.EPOCH, 1, 2);
  }

  void done(Lease lease, @Nullable PageVersion version) throws IOException {
    settle(lease, new Settlement.Done(ended(Ending.PAGE, 200), List.of(), version));
  }

  void pass(Duration time) throws IOException {
    wall = wall.plus(time);
    now += time.toNanos();
    turn();
  }

  void create(String seed) throws IOException {
    create();
    offer(Offer.seed(TestConfig.url(seed)));
    start();
  }

  @Override
  void reopen() throws IOException {
    super.reopen();
    start();
  }

  void offer(Offer offer) throws IOException {
    end.add(1);
    turn(new Message.Offered(List.of(offer), new CompletableFuture<>()));
    pass(Duration.ofMillis(1));
  }
}
