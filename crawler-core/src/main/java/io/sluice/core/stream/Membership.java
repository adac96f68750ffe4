package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.sluice.core.config.Echo;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.redis.Script;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What entitles a parser process to a partition's pages (docs/handover.md, "Owners and nodes"). It
 * works for one crawl: that of its directory or, if the directory has none, the one whose fetcher
 * is connected. It works under its node's name, which no other living parser may have.
 *
 * <p>A node's name is claimed in Redis. The claim holds as long as its holder is connected; a
 * holder that has sent nothing for {@value #SILENCE_SECONDS} seconds counts as dead (each process
 * probes Redis twice a second), and loses the name to the next process that claims it. What it
 * sends after that is refused.
 *
 * <p>Thread-safe: immutable, if the supplier is thread-safe.
 */
public final class Membership {

  private static final int SILENCE_SECONDS = 30;

  /** How long a start waits for a silent holder to show that it is alive or to count as dead. */
  private static final Duration PATIENCE = Duration.ofSeconds(SILENCE_SECONDS + 5);

  /** A holder whose last command was this recent is certainly alive. */
  private static final int SURELY_ALIVE_SECONDS = 2;

  private static final Duration POLL = Duration.ofMillis(200);

  private final PartitionKeys keys;
  private final Path dir;
  private final Supplier<@Nullable CrawlIdentity> crawl;
  private final String node;
  private final String holder;

  /**
   * @param keys the keys of the partition to work for
   * @param dir the crawl directory, for messages
   * @param crawl the crawl that the directory is bound to; null while it is not bound
   * @param node the node's name
   * @param holder distinguishes this directory on this machine from a copy of it elsewhere
   */
  public Membership(
      PartitionKeys keys,
      Path dir,
      Supplier<@Nullable CrawlIdentity> crawl,
      String node,
      String holder) {
    this.keys = keys;
    this.dir = dir;
    this.crawl = crawl;
    this.node = node;
    this.holder = holder;
  }

  /** The name of the process's connections, by which others know that the node is alive. */
  public static String clientName(String crawl, String node, String holder) {
    return Clients.parser(crawl, node, holder);
  }

  PartitionKeys keys() {
    return keys;
  }

  /**
   * Checks at a process's start whether it may work here, as far as can be known at that time.
   *
   * @param giveUp ends the wait for a silent holder of the node's name
   * @throws RedisUnavailableException if it may not work here, or if Redis does not answer; the
   *     message is one line for the user
   */
  public void check(RedisPool pool, CompletableFuture<?> giveUp) throws RedisUnavailableException {
    Deadline deadline = Deadline.in(PATIENCE).cutBy(giveUp);
    try {
      refuseAnother(pool);
      while (true) {
        Clients.@Nullable Client other = claim(pool);
        if (other == null) {
          return;
        }
        if (other.idleSeconds() <= SURELY_ALIVE_SECONDS || deadline.passed()) {
          throw inUse(pool, other);
        }
        deadline.pause(POLL);
      }
    } catch (NotAdmittedException e) {
      throw RedisUnavailableException.unfit(String.valueOf(e.getMessage()));
    } catch (RedisLostException e) {
      throw new RedisUnavailableException(
          "Redis at %s failed at the start: %s".formatted(pool.address(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RedisUnavailableException("interrupted");
    }
  }

  /**
   * Joins: checks the partition's owner, and claims the node's name.
   *
   * @return the owner's identity
   * @throws NotAdmittedException if the process may not work here
   * @throws NoEpochException if there is no owner yet, or its fetcher is not connected and the
   *     directory is not bound to a crawl yet
   */
  CrawlIdentity join(RedisPool pool) {
    PartitionOwner owner = PartitionOwner.read(pool, keys);
    if (owner == null) {
      throw new NoEpochException("no fetcher has started yet, or Redis lost its data");
    }
    CrawlIdentity identity = refuseAnother(pool, owner);
    if (crawl.get() == null && !Clients.of(pool).anyPublisher(keys)) {
      throw new NoEpochException(
          "the fetcher of crawl %s is not connected, and %s is bound to no crawl yet"
              .formatted(keys.crawl(), dir));
    }
    Clients.Client other = claim(pool);
    if (other != null) {
      throw inUse(pool, other);
    }
    return identity;
  }

  /**
   * The state of the partition's fetcher. It counts as running while the partition has no owner.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public PartitionOwner.State fetcherState(RedisPool pool) {
    PartitionOwner owner = PartitionOwner.read(pool, keys);
    return owner == null ? PartitionOwner.State.RUNNING : owner.state();
  }

  /** The keys that each call of a worker begins with. */
  byte[][] keysWith(byte[]... further) {
    return with(further, arg(keys.owner()), arg(keys.nodes()));
  }

  byte[][] argsWith(CrawlIdentity identity, byte[]... further) {
    return with(further, arg(identity.hex()), arg(node), arg(holder));
  }

  private static byte[][] with(byte[][] further, byte[]... first) {
    byte[][] all = new byte[first.length + further.length][];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(further, 0, all, first.length, further.length);
    return all;
  }

  /** Throws if the partition's owner is another crawl. */
  void refuseAnother(RedisPool pool) {
    PartitionOwner owner = PartitionOwner.read(pool, keys);
    if (owner != null) {
      refuseAnother(pool, owner);
    }
  }

  private CrawlIdentity refuseAnother(RedisPool pool, PartitionOwner owner) {
    CrawlIdentity bound = crawl.get();
    CrawlIdentity identity = owner.identity();
    if (identity != null && (bound == null || owner.is(bound))) {
      return identity;
    }
    throw new NotAdmittedException(
        "Redis at %s: crawl %s there is that of %s, but %s belongs to a crawl of identity %s; set another crawl.dir, crawl.name or redis.uri, or, if that crawl is no longer wanted, run sluice forget %s --redis URI"
            .formatted(
                pool.address(),
                keys.crawl(),
                owner.shown(),
                dir,
                bound == null ? "unknown" : bound.shown(),
                keys.crawl()));
  }

  /** Claims the node's name; null if it is ours now, else the living process that has it. */
  private Clients.@Nullable Client claim(RedisPool pool) {
    String held = claim(pool, "");
    while (!held.equals(holder)) {
      String rival = held;
      Clients.Client living = living(Clients.of(pool), node, rival).orElse(null);
      if (living != null) {
        return living;
      }
      held = claim(pool, rival);
    }
    return null;
  }

  private Optional<Clients.Client> living(Clients clients, String named, String heldBy) {
    return clients
        .liveliest(Clients.parser(keys.crawl(), named, heldBy))
        .filter(client -> client.idleSeconds() <= SILENCE_SECONDS);
  }

  /** The nodes whose holders are connected. */
  Set<String> livingNodes(RedisPool pool) {
    Set<String> nodes = new HashSet<>();
    Clients clients = Clients.of(pool);
    pool.ask(commands -> commands.hgetall(arg(keys.nodes())))
        .forEach(
            (named, heldBy) -> {
              String other = Script.text(named);
              if (living(clients, other, Script.text(heldBy)).isPresent()) {
                nodes.add(other);
              }
            });
    return nodes;
  }

  private String claim(RedisPool pool, String dead) {
    return Script.text(
        pool.ask(
            commands ->
                Scripts.NODE.run(
                    commands,
                    new byte[][] {arg(keys.nodes())},
                    arg(node),
                    arg(holder),
                    arg(dead))));
  }

  private NotAdmittedException inUse(RedisPool pool, Clients.Client other) {
    return new NotAdmittedException(
        "Redis at %s: a parser of node %s of crawl %s is already connected, from %s; if %s is a copy, give this one a parser.node of its own"
            .formatted(pool.address(), node, keys.crawl(), Echo.of(other.address()), dir));
  }
}
