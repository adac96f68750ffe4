package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.Script;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A fetcher's ownership of its partition (docs/handover.md, "Owners and nodes"). {@link #take}
 * makes its crawl the owner, under a new incarnation; from then on each destructive call names
 * both, and does nothing if either has changed.
 *
 * <p>Thread-safe: the incarnation is volatile, and changed by one thread at a time: first by that
 * of {@link #take}, then by that of {@link #renew}.
 */
public final class Ownership {

  private static final int TRIES = 5;
  private static final Duration POLL = Duration.ofMillis(50);

  private final RedisPool pool;
  private final PartitionKeys keys;
  private final Claimant claimant;
  private final SecureRandom random = new SecureRandom();
  private volatile long incarnation;

  /** Creates an ownership that is not taken yet; the pool is borrowed. */
  public Ownership(RedisPool pool, PartitionKeys keys, Claimant claimant) {
    this.pool = pool;
    this.keys = keys;
    this.claimant = claimant;
  }

  /** Makes an incarnation durable in the crawl directory before Redis learns of it. */
  @FunctionalInterface
  public interface Note {
    void taking(long incarnation) throws IOException;
  }

  /**
   * The result of taking the partition.
   *
   * @param incarnation the number of this fetcher process
   * @param former the highest incarnation that Redis knew of before; 0 for none
   * @param epoch the epoch, a new one if Redis had none
   */
  public record Taken(long incarnation, long former, String epoch) {}

  /** The result of a check of owner and epoch. */
  enum Standing {
    OURS,
    /** The owner or the epoch is gone: Redis lost its data. */
    UNOWNED,
    /** Another program deleted outcomes that are not journaled. */
    ALTERED;

    private static @Nullable Standing of(String word) {
      return switch (word) {
        case "ours" -> OURS;
        case "unowned" -> UNOWNED;
        case "altered" -> ALTERED;
        default -> null;
      };
    }
  }

  /**
   * Checks that the partition does not belong to another crawl, then waits until no earlier fetcher
   * process is connected as publisher, so that nothing more can arrive from it.
   *
   * @throws RedisUnavailableException if another crawl owns it, or an earlier fetcher is still
   *     connected at the deadline
   */
  public void awaitFree(Deadline deadline) throws RedisUnavailableException {
    refuseAnother(read());
    while (Clients.of(pool).anyPublisher(keys)) {
      if (deadline.passed()) {
        throw new RedisUnavailableException(
            "Redis at %s: another fetcher of crawl %s is connected; stop it first"
                .formatted(pool.address(), keys.crawl()));
      }
      pause(deadline);
    }
  }

  /**
   * Makes the crawl the partition's owner, under an incarnation above all earlier ones and above
   * every entry in the stream of pages.
   *
   * @param own the highest incarnation that the crawl directory knows of
   * @throws RedisUnavailableException if another crawl owns it, or no incarnation can be above the
   *     entries
   * @throws IOException if the incarnation could not be made durable
   */
  public Taken take(long own, Note note) throws RedisUnavailableException, IOException {
    for (int i = 0; i < TRIES; i++) {
      Map<String, String> fields = read();
      refuseAnother(fields);
      PartitionOwner owner = PartitionOwner.of(fields);
      long former = owner == null ? 0 : owner.incarnation();
      long next = above(Math.max(own, former));
      note.taking(next);
      String epoch = own(fields.getOrDefault("incarnation", ""), next, false);
      if (epoch != null) {
        return new Taken(next, former, epoch);
      }
    }
    throw new RedisUnavailableException(
        "Redis at %s: another program keeps changing %s; stop the other fetchers of crawl %s"
            .formatted(pool.address(), keys.owner(), keys.crawl()));
  }

  /**
   * Takes a new incarnation, above every entry in the stream of pages, because another program
   * appended there.
   *
   * @throws SupersededException if the partition now belongs to another process
   * @throws RedisLostException if Redis does not answer
   * @throws IOException if the incarnation could not be made durable
   */
  public long renew(Note note) throws IOException {
    try {
      long next = above(incarnation);
      note.taking(next);
      if (own(Long.toString(incarnation), next, false) == null) {
        throw lost(read());
      }
      return next;
    } catch (RedisUnavailableException e) {
      throw new RedisLostException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Writes the owner again and a new epoch, because Redis lost data or another program deleted
   * some.
   *
   * @throws SupersededException if the partition now belongs to another process
   * @throws RedisLostException if Redis does not answer
   */
  void renewEpoch() {
    for (int i = 0; i < TRIES; i++) {
      Map<String, String> found = read();
      String before = found.getOrDefault("incarnation", "");
      PartitionOwner owner = PartitionOwner.of(found);
      boolean ours = owner != null && owner.is(claimant.identity());
      if (owner != null && !(ours && before.equals(Long.toString(incarnation)))) {
        throw lost(found);
      }
      if (own(before, incarnation, true) != null) {
        return;
      }
    }
    throw new RedisLostException("another program keeps changing " + keys.owner());
  }

  CrawlIdentity crawl() {
    return claimant.identity();
  }

  /** The number of this fetcher process; 0 before {@link #take}. */
  public long incarnation() {
    return incarnation;
  }

  /**
   * Publishes the state of this process, so that parsers know whether more pages may come.
   *
   * @return a stage that fails if Redis does not accept the state, or if the partition now belongs
   *     to another process
   */
  public CompletionStage<Long> state(PartitionOwner.State state) {
    return pool.submit(
        commands ->
            Scripts.STATE.run(commands, new byte[][] {arg(keys.owner())}, with(arg(state.word()))));
  }

  /**
   * Checks that the partition still belongs to this process, or has no owner.
   *
   * @return a stage that fails with {@link RedisLostException} if it belongs to another process
   */
  CompletionStage<Void> holds(RedisAsyncCommands<byte[], byte[]> commands) {
    return Scripts.LOOK
        .run(commands, lookKeys(), with())
        .thenAccept(
            answer -> {
              if (Standing.of(Script.text(answer.get(1))) == null) {
                throw new RedisLostException(keys.tag() + " now belongs to another fetcher");
              }
            });
  }

  /**
   * Reads the answer to a check of owner and epoch.
   *
   * @throws SupersededException if the partition now belongs to another process
   */
  Found found(List<Object> answer) {
    Standing standing = Standing.of(Script.text(answer.get(1)));
    if (standing == null) {
      throw lost(read());
    }
    return new Found(Script.text(answer.getFirst()), standing);
  }

  /**
   * What a check of owner and epoch found.
   *
   * @param epoch empty for none
   */
  record Found(String epoch, Standing standing) {}

  byte[][] lookKeys() {
    return new byte[][] {arg(keys.owner()), arg(keys.epoch()), arg(keys.outcomes())};
  }

  /** The arguments of a fetcher's call: identity, incarnation, then the given ones. */
  byte[][] with(byte[]... further) {
    byte[][] all = new byte[2 + further.length][];
    all[0] = arg(claimant.identity().hex());
    all[1] = arg(incarnation);
    System.arraycopy(further, 0, all, 2, further.length);
    return all;
  }

  /** Makes the crawl the owner. Returns the epoch, or null if the owner has changed meanwhile. */
  private @Nullable String own(String before, long next, boolean renew) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    List<Object> answer =
        pool.ask(
            commands ->
                Scripts.OWN.run(
                    commands,
                    lookKeys(),
                    arg(claimant.identity().hex()),
                    arg(before),
                    arg(next),
                    arg(claimant.dir().toString()),
                    arg(claimant.host()),
                    arg(HexFormat.of().formatHex(bytes)),
                    arg(renew ? "1" : "0")));
    if (!Script.text(answer.getFirst()).equals("owned")) {
      return null;
    }
    incarnation = next;
    return Script.text(answer.get(1));
  }

  private Map<String, String> read() {
    return PartitionOwner.fields(pool, keys);
  }

  private void refuseAnother(Map<String, String> fields) throws RedisUnavailableException {
    PartitionOwner owner = PartitionOwner.of(fields);
    if (owner != null && !owner.is(claimant.identity())) {
      throw RedisUnavailableException.unfit(
          "Redis at %s: crawl %s there is that of %s, not of %s; set another crawl.name or redis.uri, or, if that one is no longer wanted: %s"
              .formatted(
                  pool.address(),
                  keys.crawl(),
                  owner.shown(),
                  claimant.shown(),
                  claimant.removal()));
    }
  }

  /** The exception that explains why the partition no longer belongs to this process. */
  private RuntimeException lost(Map<String, String> found) {
    PartitionOwner owner = PartitionOwner.of(found);
    if (owner == null) {
      return new RedisLostException("the owner of " + keys.tag() + " is gone");
    }
    String holder = owner.is(claimant.identity()) ? "a later fetcher of it" : "another crawl";
    return new SupersededException(
        "Redis at %s: crawl %s there now belongs to %s: %s, incarnation %d; this is %s, incarnation %d"
            .formatted(
                pool.address(),
                keys.crawl(),
                holder,
                owner.shown(),
                owner.incarnation(),
                claimant.shown(),
                incarnation));
  }

  /** The next number above the given one and above the ids of all pages that ever existed. */
  private long above(long number) throws RedisUnavailableException {
    long top = newestPage();
    if (top < 0 || top >= PartitionOwner.MAX_INCARNATION) {
      throw RedisUnavailableException.unfit(
          "Redis at %s: another program put an entry into %s that no other entry can follow; remove what the crawl has there: %s"
              .formatted(pool.address(), keys.pages(), claimant.removal()));
    }
    return Math.max(number, top) + 1;
  }

  /**
   * The first part of the newest id in the stream of pages; 0 if there is none, negative if it does
   * not fit into 63 bits.
   */
  private long newestPage() {
    List<Object> info;
    try {
      info = pool.ask(commands -> commands.xinfoStream(arg(keys.pages())));
    } catch (RedisLostException e) {
      if (String.valueOf(e.getMessage()).contains("no such key")) {
        return 0; // there is no stream yet
      }
      throw e;
    }
    for (int i = 0; i + 1 < info.size(); i += 2) {
      if (Script.text(info.get(i)).equals("last-generated-id")) {
        String id = Script.text(info.get(i + 1));
        return Long.parseUnsignedLong(id, 0, id.indexOf('-'), 10);
      }
    }
    return 0;
  }

  private static void pause(Deadline deadline) {
    try {
      deadline.pause(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisLostException("interrupted", e);
    }
  }
}
