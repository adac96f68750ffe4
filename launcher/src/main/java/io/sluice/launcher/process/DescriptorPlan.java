package io.sluice.launcher.process;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.metrics.AdminServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Divides a process's limit of file descriptors among its parts. Descriptors that the process opens
 * in any case are set aside; from the rest, each part gets its minimum, then a share up to what the
 * config asks for. A pure policy: it maps a limit and a config to a config that fits, or to the
 * number of missing descriptors. Stateless.
 */
final class DescriptorPlan {

  /**
   * For the JVM: standard streams, the JDK's modules file, sources of randomness, native libraries.
   */
  private static final int JVM = 12;

  /**
   * For polling, three for each event loop or selector: the fetcher has two event loops, the Redis
   * client has one, and the admin port has a selector.
   */
  private static final int EPOLL = 12;

  /** For the admin port, its connections, the log file and the next one while the log is rolled. */
  private static final int ADMIN_AND_LOG = AdminServer.MAX_CONNECTIONS + 4;

  /** For the control socket: the socket, the client being served, and two for the selector. */
  private static final int CONTROL = 4;

  /**
   * For descriptors that are open only briefly: directories being synced, {@code /proc} for the
   * census.
   */
  private static final int PASSING = 12;

  /**
   * For each shard: its journal and crawl log, and during a checkpoint their successors and the
   * directory.
   */
  private static final int SHARD = 6;

  /** For each parser thread: the slot's lock, a file for each sink, and the files' successors. */
  private static final int PARSER_THREAD = 5;

  /** For each child: three pipes, and one more while it is being started. */
  private static final int CHILD = 4;

  /**
   * Connections to children's admin ports: one for the watch and one for each of the admin server's
   * two threads.
   */
  private static final int ASKING = 3;

  private DescriptorPlan() {}

  /** The result for a limit. */
  sealed interface Verdict {

    /**
     * The process fits.
     *
     * @param config the wanted config, possibly with lowered numbers
     * @param lowered each lowered number as {@code key from -> to}; empty if nothing had to be
     *     lowered
     */
    record Fits(SluiceConfig config, List<String> lowered) implements Verdict {}

    /**
     * Not even the minimum fits.
     *
     * @param needed the minimum number of descriptors
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
    // A merge opens its files a second time; only one shard merges at a time.
    Part files = new Part("frontier.open-files", 8, wanted.frontier().openFiles(), shards + 1, 2);
    List<Part> parts = List.of(connections, lookUps, redis, files);
    int fixed = libraries + JVM + EPOLL + ADMIN_AND_LOG + CONTROL + PASSING + 1 + shards * SHARD;
    int missing = share(limit - fixed, parts);
    return missing > 0
        ? new Verdict.TooFew(limit + missing)
        : new Verdict.Fits(
            wanted
                .with(wanted.fetcher().withConnections(connections.got).withLookUps(lookUps.got))
                .with(wanted.frontier().withOpenFiles(files.got))
                .with(wanted.redis().withPoolMax(redis.got)),
            lowered(parts));
  }

  /** Plans a parser; the parameters are those of {@link #fetcher}. */
  static Verdict parser(SluiceConfig wanted, int limit, int libraries) {
    Part redis = redis(wanted);
    Part threads = new Part("parser.threads", 1, wanted.parser().threads(), PARSER_THREAD, 1);
    List<Part> parts = List.of(redis, threads);
    int missing = share(limit - libraries - JVM - EPOLL - ADMIN_AND_LOG - PASSING, parts);
    return missing > 0
        ? new Verdict.TooFew(limit + missing)
        : new Verdict.Fits(
            wanted
                .with(wanted.parser().withThreads(threads.got))
                .with(wanted.redis().withPoolMax(redis.got)),
            lowered(parts));
  }

  /** Plans a supervisor, which has no settings to lower. */
  static Verdict supervisor(SluiceConfig wanted, int limit, int libraries) {
    int children = 2 + wanted.parser().processes();
    int fixed = libraries + JVM + EPOLL + ADMIN_AND_LOG + ASKING + PASSING;
    int needed = fixed + 4 + children * CHILD + redis(wanted).least;
    return needed > limit ? new Verdict.TooFew(needed) : new Verdict.Fits(wanted, List.of());
  }

  private static Part redis(SluiceConfig wanted) {
    return new Part("redis.pool.max", 4, wanted.redis().pool().max(), 1, 1);
  }

  /**
   * Gives each part its minimum, then one unit at a time to the part with the lowest ratio of units
   * to weight, until all parts have what they ask for or nothing is left.
   *
   * @return how many descriptors are missing for the minimum; 0 or less if none is missing
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

  /** A number in the config that costs descriptors. Used by one plan. */
  private static final class Part {
    private final String key;
    private final int least;
    private final int wanted;
    private final int each;
    private final int weight;
    private int got;

    /**
     * @param least the part's minimum, or {@code wanted} if that is less
     * @param each descriptors per unit
     * @param weight the part's relative share of scarce descriptors
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
