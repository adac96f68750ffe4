package io.sluice.frontier.shard;

import io.sluice.core.lease.UrlEnd;
import io.sluice.core.url.Url;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.queue.UrlVisitor;
import io.sluice.frontier.recrawl.Calendar;
import io.sluice.frontier.seen.RunName;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A shard as its files have it, for who looks and does not own them: the last checkpoint and the
 * journal's events since, up to what was handed to the operating system. Files are opened for
 * reading only; a crawl that runs is not disturbed, and goes on while the view stays as it was.
 * Confined to one thread.
 */
public final class ShardView implements AutoCloseable {

  /** Owners that begin a new generation while it is read are followed so many times. */
  private static final int TRIES = 20;

  /** A URL that ended since the last checkpoint. */
  public record Ended(QueuedUrl url, UrlEnd end) {}

  /** A URL whose lease is out. */
  public record Leased(long sequence, QueuedUrl url) {}

  /**
   * A URL that waits to be visited again.
   *
   * @param after how long it waits at least, from its failure or from a restart
   */
  public record Retry(long sequence, QueuedUrl url, Duration after) {}

  /** Begins the state with the runs, or leaves them closed and keeps their names. */
  private static final class Opening implements CheckpointReader.Opening {
    private final boolean runsToo;
    private List<RunName> unopened = List.of();

    Opening(boolean runsToo) {
      this.runsToo = runsToo;
    }

    @Override
    public ShardState open(ShardPlace place, List<RunName> runs, long nextRun) throws IOException {
      unopened = runsToo ? List.of() : List.copyOf(runs);
      return ShardState.open(place, runsToo ? runs : List.of(), nextRun);
    }
  }

  private final ShardPlace place;
  private final long generation;
  private final ShardState state;
  private final long crawlLogLength;
  private final List<RunName> unopened;
  private final List<Ended> ended;

  private ShardView(
      ShardPlace place,
      long generation,
      Checkpoint checkpoint,
      List<RunName> unopened,
      List<Ended> ended) {
    this.place = place;
    this.generation = generation;
    this.state = checkpoint.state();
    this.crawlLogLength = checkpoint.crawlLogLength();
    this.unopened = unopened;
    this.ended = List.copyOf(ended);
  }

  /**
   * Reads a shard. The caller closes the view.
   *
   * @param wanted of which URLs, by their serialization, {@link #ended} is to tell
   * @param runs whether the runs of fingerprints are opened, which reads all of them
   * @throws DamagedFileException if what was durable once does not hold any more
   */
  public static ShardView load(ShardPlace place, Predicate<String> wanted, boolean runs)
      throws IOException {
    for (int tries = 1; ; tries++) {
      long generation = 0;
      try {
        generation = ShardStore.highestCheckpoint(place);
        return load(place, generation, wanted, runs);
      } catch (NoSuchFileException | DamagedFileException e) {
        if (tries == TRIES || !movedOn(place, generation)) {
          throw e instanceof DamagedFileException
              ? e
              : new DamagedFileException(e.getMessage() + ": is missing");
        }
      }
    }
  }

  /** Whether the owner began another generation in the meantime. */
  static boolean movedOn(ShardPlace place, long generation) throws IOException {
    return ShardStore.highestCheckpoint(place) != generation;
  }

  private static ShardView load(
      ShardPlace place, long generation, Predicate<String> wanted, boolean runs)
      throws IOException {
    Opening opening = new Opening(runs);
    Path file = ShardStore.file(place, ShardStore.CHECKPOINT, generation);
    Checkpoint checkpoint = CheckpointReader.read(file, generation, place, opening);
    List<Ended> ended = new ArrayList<>();
    ShardState.EndedUrls log =
        (url, end) -> {
          if (wanted.test(url.href())) {
            ended.add(new Ended(url, end));
          }
        };
    try {
      ShardStore.replay(place, generation, checkpoint.state(), log);
      return new ShardView(place, generation, checkpoint, opening.unopened, ended);
    } catch (IOException | RuntimeException e) {
      checkpoint.state().close();
      throw e;
    }
  }

  /** The shard's number. */
  public int number() {
    return place.shard();
  }

  /** Where the shard's files are. */
  public ShardPlace place() {
    return place;
  }

  /** The sums. */
  public ShardStats stats() throws IOException {
    return new ShardStats(
        place.shard(),
        generation,
        hosts().size(),
        state.seen().size() + unopened.stream().mapToLong(RunName::count).sum(),
        UrlQueues.sizes(hosts()),
        state.leaseCount(),
        state.retries().size(),
        state.calendar().size(),
        state.ended(),
        state.bytes(),
        state.queues().segments().size(),
        ShardStats.bytesByKind(place.directory(), place.ledger()));
  }

  /**
   * Whether a fingerprint is in the seen set.
   *
   * @throws IllegalStateException if there are runs which were not to be opened
   */
  public boolean seen(long fingerprint) throws IOException {
    if (!unopened.isEmpty()) {
      throw new IllegalStateException("the runs were not opened");
    }
    return state.seen().contains(fingerprint);
  }

  /** All hosts, by number. */
  public List<HostQueue> hosts() {
    return state.hosts().stream().filter(host -> !Calendar.isBucket(host)).toList();
  }

  /** The host of that name; null if the shard has none. */
  public @Nullable HostQueue host(String name) {
    return state.host(name);
  }

  /**
   * Shows a host's URLs that wait for a first lease, in the order in which they will be visited.
   */
  public void visit(HostQueue host, UrlVisitor visitor) throws IOException {
    state.queues().visit(host, visitor);
  }

  /** When a page is visited again, at the earliest; null if it is not on the calendar. */
  public @Nullable Instant plannedAt(Url url) throws IOException {
    boolean[] found = new boolean[1];
    for (Map.Entry<Long, HostQueue> bucket : state.calendar().byTime().entrySet()) {
      visit(
          bucket.getValue(),
          (_, packed) -> {
            found[0] = packed.unpack().href().equals(url.href());
            return !found[0];
          });
      if (found[0]) {
        return Instant.ofEpochSecond(bucket.getKey());
      }
    }
    return null;
  }

  /** How many pages of a host are on the calendar. */
  public long planned(String host) throws IOException {
    long[] count = new long[1];
    for (HostQueue bucket : state.calendar().byTime().values()) {
      visit(
          bucket,
          (_, url) -> {
            count[0] += url.isOf(host) ? 1 : 0;
            return true;
          });
    }
    return count[0];
  }

  /** A host's URLs that wait to be visited again, in the order of their failures. */
  public List<Retry> retries(HostQueue host) {
    return state.retries().stream()
        .filter(retry -> retry.host() == host)
        .sorted(Comparator.comparingLong(WaitingRetry::sequence))
        .map(retry -> new Retry(retry.sequence(), retry.url().unpack(), retry.after()))
        .toList();
  }

  /** A host's URLs whose leases are out, in the order of their issue. */
  public List<Leased> leases(HostQueue host) {
    return state.leases().stream()
        .filter(lease -> lease.host() == host)
        .map(lease -> new Leased(lease.sequence(), lease.url().unpack()))
        .toList();
  }

  /** Shows every URL that has not ended: the leases that are out, the retries, those that wait. */
  public void visitAll(UrlVisitor visitor) throws IOException {
    for (OpenLease lease : state.leases()) {
      visitor.visit(lease.url().classNumber(), lease.url());
    }
    for (WaitingRetry retry : state.retries()) {
      PackedUrl url = retry.url();
      visitor.visit(url.classNumber(), url);
    }
    for (HostQueue host : hosts()) {
      visit(host, visitor);
    }
  }

  /** What ended since the last checkpoint, as far as it was wanted, first to last. */
  public List<Ended> ended() {
    return ended;
  }

  /** How much of the crawl log holds the lines of what ended before that. */
  public long crawlLogLength() {
    return crawlLogLength;
  }

  @Override
  public void close() throws IOException {
    state.close();
  }
}
