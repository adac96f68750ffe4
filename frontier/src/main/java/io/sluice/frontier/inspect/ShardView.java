package io.sluice.frontier.inspect;

import io.sluice.core.lease.UrlEnd;
import io.sluice.core.url.Url;
import io.sluice.frontier.crawllog.CrawlLogReader.HostLine;
import io.sluice.frontier.hold.HostState.First;
import io.sluice.frontier.hold.HostState.GivenUp;
import io.sluice.frontier.hold.HostState.Held;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.hold.HostState.Nameless;
import io.sluice.frontier.hold.HostState.Proven;
import io.sluice.frontier.hold.HostState.Troubled;
import io.sluice.frontier.journal.DamagedFileException;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.queue.UrlQueues;
import io.sluice.frontier.queue.UrlVisitor;
import io.sluice.frontier.seen.RunName;
import io.sluice.frontier.state.Checkpoint;
import io.sluice.frontier.state.CheckpointReader;
import io.sluice.frontier.state.Event;
import io.sluice.frontier.state.ShardFiles;
import io.sluice.frontier.state.ShardState;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A read-only view of a shard's files, for tools that don't own them: the last checkpoint and the
 * journal's later events, up to those last handed to the operating system. Files are opened for
 * reading only. A running crawl is not disturbed, and the view does not follow its changes.
 * Confined to one thread.
 */
public final class ShardView implements AutoCloseable {

  /**
   * Maximum number of times that reading starts over because the owner has begun a new generation.
   */
  private static final int TRIES = 20;

  /** A URL that ended since the last checkpoint. */
  public record Ended(QueuedUrl url, UrlEnd end) {}

  /** A URL whose lease is out. */
  public record Leased(long sequence, QueuedUrl url) {}

  /**
   * A URL that is waiting for another attempt.
   *
   * @param after remaining wait, in the crawl's running time according to the files
   */
  public record Retry(QueuedUrl url, Duration after) {}

  /** Opens the state with the runs, or leaves them closed and keeps their names. */
  private static final class Opening implements CheckpointReader.Opening {
    private final boolean runsToo;
    private List<RunName> unopened = List.of();

    Opening(boolean runsToo) {
      this.runsToo = runsToo;
    }

    @Override
    public ShardState open(ShardFiles files, List<RunName> runs, long nextRun) throws IOException {
      unopened = runsToo ? List.of() : List.copyOf(runs);
      return ShardState.open(files, runsToo ? runs : List.of(), nextRun);
    }
  }

  private final ShardFiles files;
  private final long generation;
  private final ShardState state;
  private final long crawlLogLength;
  private final List<RunName> unopened;
  private final List<Ended> ended;
  private final List<HostLine> hostLines;

  private ShardView(
      ShardFiles files,
      long generation,
      Checkpoint checkpoint,
      List<RunName> unopened,
      List<Ended> ended,
      List<HostLine> hostLines) {
    this.files = files;
    this.generation = generation;
    this.state = checkpoint.state();
    this.crawlLogLength = checkpoint.crawlLogLength();
    this.unopened = unopened;
    this.ended = List.copyOf(ended);
    this.hostLines = List.copyOf(hostLines);
  }

  /**
   * Reads a shard. The caller closes the view.
   *
   * @param wanted selects, by their serialized form, the URLs that {@link #ended} reports
   * @param runs whether to open the runs of fingerprints, which reads all of them
   * @throws DamagedFileException if data that was durable is damaged
   */
  public static ShardView load(ShardFiles files, Predicate<String> wanted, boolean runs)
      throws IOException {
    for (int tries = 1; ; tries++) {
      long generation = 0;
      try {
        generation = ShardStore.highestCheckpoint(files);
        return load(files, generation, wanted, runs);
      } catch (NoSuchFileException | DamagedFileException e) {
        if (tries == TRIES || !movedOn(files, generation)) {
          throw e instanceof DamagedFileException
              ? e
              : new DamagedFileException(e.getMessage() + ": is missing");
        }
      }
    }
  }

  /** Whether the owner has begun another generation since {@code generation}. */
  public static boolean movedOn(ShardFiles files, long generation) throws IOException {
    return ShardStore.highestCheckpoint(files) != generation;
  }

  private static ShardView load(
      ShardFiles files, long generation, Predicate<String> wanted, boolean runs)
      throws IOException {
    Opening opening = new Opening(runs);
    Path file = ShardStore.file(files, ShardStore.CHECKPOINT, generation);
    Checkpoint checkpoint = CheckpointReader.read(file, generation, files, opening);
    List<Ended> ended = new ArrayList<>();
    List<HostLine> hostLines = new ArrayList<>();
    ShardState.EndedUrls log =
        new ShardState.EndedUrls() {
          @Override
          public void ended(QueuedUrl url, UrlEnd end) {
            if (wanted.test(url.href())) {
              ended.add(new Ended(url, end));
            }
          }

          @Override
          public void leftAlone(Event.LeftAlone host) {
            hostLines.add(
                new HostLine(host.host(), "left-alone", host.reason(), host.at(), 0, host.until()));
          }

          @Override
          public void asked(Event.Asked asked) {
            hostLines.add(
                new HostLine(asked.host(), "asked", "", asked.at(), asked.millis(), null));
          }
        };
    try {
      ShardStore.replay(files, generation, checkpoint.state(), log);
      return new ShardView(files, generation, checkpoint, opening.unopened, ended, hostLines);
    } catch (IOException | RuntimeException e) {
      checkpoint.state().close();
      throw e;
    }
  }

  /** The shard's number. */
  public int number() {
    return files.shard();
  }

  /** Where the shard's files are. */
  public ShardFiles files() {
    return files;
  }

  public ShardStats stats() throws IOException {
    List<HostQueue> all = hosts();
    Map<String, Integer> held = new TreeMap<>();
    Map<String, Integer> givenUp = new TreeMap<>();
    for (HostQueue host : all) {
      switch (host.state()) {
        case Held state -> held.merge(state.reason(), 1, Integer::sum);
        case GivenUp state -> givenUp.merge(state.reason(), 1, Integer::sum);
        case First _, Proven _, Troubled _, Nameless _ -> {}
      }
    }
    return new ShardStats(
        files.shard(),
        generation,
        state.seen().size() + unopened.stream().mapToLong(RunName::count).sum(),
        UrlQueues.sizes(all.stream().filter(host -> host.state().kind() != Kind.GIVEN_UP).toList()),
        state.leaseCount(),
        state.retries().size(),
        state.calendar().size(),
        state.tally().setAside(),
        state.tally().waiting(Kind.GIVEN_UP),
        state.tally().counts(),
        held,
        givenUp,
        state.ended(),
        state.bytes(),
        state.queues().segments().size(),
        ShardStats.bytesByKind(files.directory(), files.ledger()));
  }

  /**
   * Whether a fingerprint is in the seen set.
   *
   * @throws IllegalStateException if there are runs that were left closed
   */
  public boolean seen(long fingerprint) throws IOException {
    if (!unopened.isEmpty()) {
      throw new IllegalStateException("the runs were not opened");
    }
    return state.seen().contains(fingerprint);
  }

  /** All hosts, by number. */
  public List<HostQueue> hosts() {
    return unended().hosts();
  }

  /** The host with the given name; null if the shard has none. */
  public @Nullable HostQueue host(String name) {
    return state.host(name);
  }

  /**
   * Passes to the visitor a host's URLs that are waiting for a lease, in the order in which they
   * will be visited, then those that the current settings refuse.
   */
  public void visit(HostQueue host, UrlVisitor visitor) throws IOException {
    state.queues().visit(host, visitor);
  }

  /** The earliest time of a page's next visit; null if it is not on the calendar. */
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

  /** A host's URLs that are waiting for another attempt, in the order of their due times. */
  public List<Retry> retries(HostQueue host) throws IOException {
    List<Retry> found = new ArrayList<>();
    for (Map.Entry<Long, HostQueue> bucket : state.retries().byTime().entrySet()) {
      Duration after = Duration.ofMillis(Math.max(0, bucket.getKey() - state.runningMillis()));
      visit(
          bucket.getValue(),
          (_, url) -> {
            if (url.isOf(host.name())) {
              found.add(new Retry(url.unpack(), after));
            }
            return true;
          });
    }
    return found;
  }

  /** The crawl's running time according to the files, in milliseconds. */
  public long runningMillis() {
    return state.runningMillis();
  }

  /** A host's URLs whose leases are out, in the order of their issue. */
  public List<Leased> leases(HostQueue host) {
    return state.leases().stream()
        .filter(lease -> lease.host() == host)
        .map(lease -> new Leased(lease.sequence(), lease.url().unpack()))
        .toList();
  }

  /** The URLs that have not ended. */
  public UnendedUrls unended() {
    return new UnendedUrls(state);
  }

  /** Registered domains of this shard that belong to the crawl because seeds redirected there. */
  public Set<String> admitted() {
    return Set.copyOf(state.admitted());
  }

  /** The wanted URLs that ended since the last checkpoint, in order. */
  public List<Ended> ended() {
    return ended;
  }

  /** Requests and pauses of hosts since the last checkpoint, in order. */
  public List<HostLine> hostLines() {
    return hostLines;
  }

  /** The length of the crawl log as of the last checkpoint, in bytes. */
  public long crawlLogLength() {
    return crawlLogLength;
  }

  @Override
  public void close() throws IOException {
    state.close();
  }
}
