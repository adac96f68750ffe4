package io.sluice.core.stream;

import static io.sluice.core.redis.Script.arg;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Removes all keys of a crawl from Redis, for a crawl that has been or will be deleted.
 * Thread-safe: stateless.
 */
public final class CrawlRemoval {

  private static final int SCAN_AT_ONCE = 1_000;

  private CrawlRemoval() {}

  /**
   * What Redis holds of a crawl.
   *
   * @param partitions the partitions that hold anything
   * @param owner the crawl's owner, for a message; null if there is none
   * @param resting entries in their streams: pages, outcomes, and exchanges that are only archived
   * @param users a few addresses from which fetchers and parsers of the crawl are connected
   */
  public record Found(
      List<Partition> partitions, @Nullable String owner, long resting, List<String> users) {
    public Found {
      partitions = List.copyOf(partitions);
      users = List.copyOf(users);
    }
  }

  /**
   * A partition with its owner at the time of the search; the owner's fields are empty if there was
   * none.
   */
  public record Partition(PartitionKeys keys, String identity, String incarnation, String state) {}

  /**
   * Looks for the keys of a crawl; blocks for some round trips.
   *
   * @throws RedisLostException if Redis does not answer
   */
  public static Found find(RedisPool pool, String crawl) {
    List<Partition> partitions = new ArrayList<>();
    String owner = null;
    long resting = 0;
    for (int number : numbers(pool, crawl)) {
      PartitionKeys keys = new PartitionKeys(crawl, number);
      Map<String, String> fields = PartitionOwner.fields(pool, keys);
      PartitionOwner found = PartitionOwner.of(fields);
      owner = found == null ? owner : found.shown();
      resting += pool.ask(commands -> commands.xlen(arg(keys.pages())));
      resting += pool.ask(commands -> commands.xlen(arg(keys.outcomes())));
      partitions.add(
          new Partition(
              keys,
              fields.getOrDefault("identity", ""),
              fields.getOrDefault("incarnation", ""),
              fields.getOrDefault("state", "")));
    }
    List<String> users =
        Clients.of(pool).ofCrawl(crawl).stream().map(Clients.Client::address).toList();
    return new Found(partitions, owner, resting, users);
  }

  private static SortedSet<Integer> numbers(RedisPool pool, String crawl) {
    Pattern key = Pattern.compile("\\{" + Pattern.quote(crawl) + "\\.p(\\d{1,6})}:.*");
    SortedSet<Integer> numbers = new TreeSet<>();
    ScanArgs args = ScanArgs.Builder.matches("{" + crawl + ".p*}:*").limit(SCAN_AT_ONCE);
    ScanCursor cursor = ScanCursor.INITIAL;
    while (!cursor.isFinished()) {
      ScanCursor from = cursor;
      KeyScanCursor<byte[]> page = pool.ask(commands -> commands.scan(from, args));
      for (byte[] name : page.getKeys()) {
        Matcher matcher = key.matcher(Script.text(name));
        if (matcher.matches()) {
          numbers.add(Integer.valueOf(matcher.group(1)));
        }
      }
      cursor = page;
    }
    return numbers;
  }

  /**
   * Atomically removes all keys of a partition.
   *
   * @return false, without having removed anything, if the owner has changed since it was found
   * @throws RedisLostException if Redis does not answer
   */
  public static boolean remove(RedisPool pool, Partition partition) {
    PartitionKeys keys = partition.keys();
    byte[][] all = {
      arg(keys.owner()),
      arg(keys.epoch()),
      arg(keys.pages()),
      arg(keys.outcomes()),
      arg(keys.outputs()),
      arg(keys.nodes()),
      arg(keys.strikes()),
      arg(keys.dead())
    };
    return pool.ask(
            commands ->
                Scripts.FORGET.run(
                    commands,
                    all,
                    arg(partition.identity()),
                    arg(partition.incarnation()),
                    arg(partition.state())))
        >= 0;
  }
}
