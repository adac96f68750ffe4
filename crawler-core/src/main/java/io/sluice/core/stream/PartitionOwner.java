package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.sluice.core.config.Echo;
import io.sluice.core.lease.CrawlIdentity;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Script;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which crawl owns a partition, as recorded in Redis. Its text comes from outside, so it is
 * bounded, and shown with control characters escaped. Immutable.
 *
 * @param identity the crawl's identity; null if the field does not hold one
 * @param dir the crawl directory of its fetcher
 * @param host the host of its fetcher
 * @param incarnation the number of its last fetcher process; never decreases
 * @param state the state of that process
 */
public record PartitionOwner(
    @Nullable CrawlIdentity identity, String dir, String host, long incarnation, State state) {

  /** Largest incarnation: a Lua number counts up to it exactly. */
  static final long MAX_INCARNATION = 1L << 53;

  /** The state of a partition's fetcher. */
  public enum State {
    /** It is fetching, or it died without notice. */
    RUNNING,
    /** It was asked to stop and is draining; more pages may arrive. */
    STOPPING,
    /** It ended in an orderly way: no more pages will arrive. */
    STOPPED;

    /** The state's value in the {@code owner} hash. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      for (State state : values()) {
        if (state.word().equals(word)) {
          return state;
        }
      }
      return RUNNING;
    }
  }

  /** Asks for a partition's owner; null if it has none. Blocks for a round trip. */
  static @Nullable PartitionOwner read(RedisPool pool, PartitionKeys keys) {
    return of(fields(pool, keys));
  }

  /**
   * The owner's fields as they are in Redis; empty if there is no owner. Blocks for a round trip.
   */
  static Map<String, String> fields(RedisPool pool, PartitionKeys keys) {
    Map<String, String> fields = new HashMap<>();
    pool.ask(commands -> commands.hgetall(arg(keys.owner())))
        .forEach((name, value) -> fields.put(Script.text(name), Script.text(value)));
    return fields;
  }

  /** Reads the fields of the hash; null if there are none. */
  static @Nullable PartitionOwner of(Map<String, String> fields) {
    if (fields.isEmpty()) {
      return null;
    }
    return new PartitionOwner(
        CrawlIdentity.parse(fields.getOrDefault("identity", "")),
        Echo.of(fields.getOrDefault("dir", "?")),
        Echo.of(fields.getOrDefault("host", "?")),
        incarnation(fields.getOrDefault("incarnation", "")),
        State.of(fields.getOrDefault("state", "")));
  }

  /** A number out of bounds was not written by Sluice and counts as none. */
  private static long incarnation(String text) {
    try {
      long number = Long.parseLong(text);
      return number >= 0 && number <= MAX_INCARNATION ? number : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** Whether the given crawl is the owner. */
  public boolean is(CrawlIdentity crawl) {
    return crawl.equals(identity);
  }

  /** The owner, for a message: {@code /data/docs on host web1 (identity 0123abcd)}. */
  public String shown() {
    return "%s on host %s (identity %s)"
        .formatted(dir, host, identity == null ? "unreadable" : identity.shown());
  }
}
