package io.sluice.launcher.cli;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.Echo;
import io.sluice.core.config.RedisSettings;
import io.sluice.core.redis.RedisLostException;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.redis.RedisUnavailableException;
import io.sluice.core.resource.ResourceLedger;
import io.sluice.core.stream.CrawlRemoval;
import io.sluice.core.stream.PartitionKeys;
import io.sluice.launcher.process.CannotStart;
import io.sluice.launcher.progress.Amounts;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice forget}: removes a crawl's keys from Redis. Confined to the main thread. */
@Command(
    name = "forget",
    description = "Remove from Redis everything that belongs to a crawl you no longer run.",
    footer = {
      "",
      "The crawl's directory is left alone. While pages rest in Redis, nothing is removed "
          + "without --drop; if the crawl is run again, those pages are fetched again."
    },
    mixinStandardHelpOptions = true)
final class ForgetCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CONNECTIONS = 4;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "The crawl's name (crawl.name).")
  private String name;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      required = true,
      description = "The Redis server (redis.uri): redis://host:6379.")
  private String uri;

  @Option(names = "--drop", description = "Also remove what waits for parsers or the fetcher.")
  private boolean drop;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
  ForgetCommand() {}

  @Override
  public Integer call() throws CannotStart {
    RedisSettings settings =
        new RedisSettings(uri, TIMEOUT, new RedisSettings.Pool(CONNECTIONS, TIMEOUT));
    if (settings.embedded()) {
      throw new CannotStart(
          "--redis=embedded: an embedded Redis is in the crawl's directory; delete its folder"
              + " redis");
    }
    PartitionKeys first = partition();
    MeterRegistry meters = new SimpleMeterRegistry();
    try (RedisPool pool =
        RedisPool.open(settings, first, "sluice-forget", new ResourceLedger(), meters)) {
      forget(pool);
    } catch (RedisUnavailableException | RedisLostException e) {
      throw new CannotStart("--redis=%s: %s".formatted(settings.shownUri(), e.getMessage()));
    } finally {
      meters.close();
    }
    return 0;
  }

  private PartitionKeys partition() throws CannotStart {
    try {
      return new PartitionKeys(name, 0);
    } catch (IllegalArgumentException e) {
      throw new CannotStart(
          "%s: must be the name of a crawl (lower-case letters, digits and hyphens)"
              .formatted(Echo.of(name)));
    }
  }

  private void forget(RedisPool pool) throws CannotStart {
    CrawlRemoval.Found found = CrawlRemoval.find(pool, name);
    if (found.partitions().isEmpty()) {
      say("Redis at %s keeps nothing of crawl %s".formatted(pool.address(), name));
      return;
    }
    String whose = found.owner() == null ? "no directory" : found.owner();
    if (!found.users().isEmpty()) {
      throw new CannotStart(
          "crawl %s (that of %s) is in use: %d connections of its fetcher and parsers, one from %s; stop them first"
              .formatted(name, whose, found.users().size(), Echo.of(found.users().getFirst())));
    }
    if (found.resting() > 0 && !drop) {
      throw new CannotStart(
          "crawl %s (that of %s): %s of its entries rest there; run it to its end, or remove them with --drop; if the crawl is run again, it fetches them again"
              .formatted(name, whose, Amounts.count(found.resting())));
    }
    for (CrawlRemoval.Partition partition : found.partitions()) {
      if (!CrawlRemoval.remove(pool, partition)) {
        throw new CannotStart("crawl %s was started a moment ago; stop it first".formatted(name));
      }
    }
    say(
        "forgot crawl %s (that of %s), and %s entries that rested there"
            .formatted(name, whose, Amounts.count(found.resting())));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }
}
