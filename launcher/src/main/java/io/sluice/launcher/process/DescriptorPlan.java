package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.metrics.AdminServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a process lives within its limit of descriptors. What it opens in any case is set aside; of
 * the rest each part gets the least that it can work with, then its share up to what the config
 * wants. A pure policy: from a limit and a config follow a config that fits, or how many
 * descriptors are missing. Stateless.
 */
final class DescriptorPlan {

  /** Standard streams, the JDK's modules, sources of randomness, its native libraries. */
  private static final int JVM = 12;

  /** Each event loop polls by three; the fetcher has two, Redis one, the admin port a selector. */
  private static final int EPOLL = 12;

  /** The port, the connections to it, the log and its successor. */
  private static final int ADMIN_AND_LOG = AdminServer.MAX_CONNECTIONS + 4;

  /** What is open for moments: directories that are synced, {@code /proc} for the census. */
  private static final int PASSING = 12;

  /** Of a shard: journal and crawl log, and in a checkpoint the next ones and the directory. */
  private static final int SHARD = 6;

  /** Of a parser's thread: the slot's lock, a file of each sink, and the next ones. */
  private static final int PARSER_THREAD = 5;

  /** Of a child: three pipes, and one more while it is started. */
  private static final int CHILD = 4;

  private DescriptorPlan() {}

  /** What follows from a limit. */
  sealed interface Verdict {

    /**
     * The process fits.
     *
     * @param config the wanted one, with some numbers lowered
     * @param lowered each of them as {@code key from -> to}; empty where nothing had to be
     */
    record Fits(SluiceConfig config, List<String> lowered) implements Verdict {}

    /**
     * Not even the least fits.
     *
     * @param needed descriptors at least
     */
    record TooFew(int needed) implements Verdict {}
  }

  /**
   * Plans a fetcher.
   *
   * @param limit descriptors that the process may have open
   * @param libraries files of the class path, which stay open
   */
  static Verdict fetcher(SluiceConfig wanted, int limit, int libraries) {
    int shards = wanted.frontier().shards();
    Part connections = new Part("fetcher.connections", 4, wanted.fetcher().connections(), 1, 6);
    Part lookUps = new Part("fetcher.dns.look-ups", 4, wanted.fetcher().dns().lookUps(), 1, 2);
    Part redis = redis(wanted);
    // One merge at a time, of whichever shard, opens its files once more.
    Part files = new Part("frontier.open-files", 8, wanted.frontier().openFiles(), shards + 1, 2);
    List<Part> parts = List.of(connections, lookUps, redis, files);
    int fixed = libraries + JVM + EPOLL + ADMIN_AND_LOG + PASSING + 1 + shards * SHARD;
    int missing = share(limit - fixed, parts);
    return missing > 0
        ? new Verdict.TooFew(limit + missing)
        : new Verdict.Fits(
            LoweredConfig.fetcher(wanted, connections.got, lookUps.got, redis.got, files.got),
            lowered(parts));
  }

  /** Plans a parser; the parameters are as those of {@link #fetcher}. */
  static Verdict parser(SluiceConfig wanted, int limit, int libraries) {
    Part redis = redis(wanted);
    Part threads = new Part("parser.threads", 1, wanted.parser().threads(), PARSER_THREAD, 1);
    List<Part> parts = List.of(redis, threads);
    int missing = share(limit - libraries - JVM - EPOLL - ADMIN_AND_LOG - PASSING, parts);
    return missing > 0
        ? new Verdict.TooFew(limit + missing)
        : new Verdict.Fits(LoweredConfig.parser(wanted, redis.got, threads.got), lowered(parts));
  }

  /** Plans a supervisor, of which nothing can be lowered. */
  static Verdict supervisor(SluiceConfig wanted, int limit, int libraries) {
    int children = 2 + wanted.parser().processes();
    int needed = libraries + JVM + EPOLL + PASSING + 4 + children * CHILD + redis(wanted).least;
    return needed > limit ? new Verdict.TooFew(needed) : new Verdict.Fits(wanted, List.of());
  }

  private static Part redis(SluiceConfig wanted) {
    return new Part("redis.pool.max", 4, wanted.redis().pool().max(), 1, 1);
  }

  /**
   * Gives each part its least, then one more to whoever has least for its weight, until all have
   * what they want or nothing is left.
   *
   * @return how many descriptors are missing for the least; 0 or less where none is
   */
  private static int share(int room, List<Part> parts) {
    int left = room - parts.stream().mapToInt(part -> part.got * part.each).sum();
    if (left < 0) {
      return -left;
    }
    Part next = neediest(parts, left);
    while (next != null) {
      next.got++;
      left -= next.each;
      next = neediest(parts, left);
    }
    return 0;
  }

  private static @Nullable Part neediest(List<Part> parts, int left) {
    Part neediest = null;
    for (Part part : parts) {
      if (part.got < part.wanted
          && part.each <= left
          && (neediest == null || part.ease() < neediest.ease())) {
        neediest = part;
      }
    }
    return neediest;
  }

  private static List<String> lowered(List<Part> parts) {
    List<String> lines = new ArrayList<>();
    for (Part part : parts) {
      if (part.got < part.wanted) {
        lines.add("%s %d -> %d".formatted(part.key, part.wanted, part.got));
      }
    }
    return lines;
  }

  /** A number of the config that takes descriptors. Used by one plan. */
  private static final class Part {
    private final String key;
    private final int least;
    private final int wanted;
    private final int each;
    private final int weight;
    private int got;

    /**
     * @param least what the part works with at least, or {@code wanted} where that is less
     * @param each descriptors that one more takes
     * @param weight its share of what is scarce
     */
    Part(String key, int least, int wanted, int each, int weight) {
      this.key = key;
      this.least = Math.min(least, wanted);
      this.wanted = wanted;
      this.each = each;
      this.weight = weight;
      this.got = this.least;
    }

    double ease() {
      return (double) (got - least) * each / weight;
    }
  }
}
