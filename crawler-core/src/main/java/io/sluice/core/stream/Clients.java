package io.sluice.core.stream;

import io.sluice.core.redis.RedisPool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connections to a Redis server, by the names that Sluice gives to its connections: {@code
 * sluice-publisher:docs.p0:17} is the fetcher that publishes to a partition, {@code
 * sluice-parser:docs:<node>:<holder>} a parser. Immutable.
 */
final class Clients {

  private static final String PUBLISHER = "sluice-publisher:";
  private static final String PARSER = "sluice-parser:";

  private final List<Client> all;

  private Clients(List<Client> all) {
    this.all = all;
  }

  /**
   * A connection.
   *
   * @param name the name that the client gave the connection; empty if none
   * @param address the client's address, as Redis sees it
   * @param idleSeconds seconds since its last command
   */
  record Client(String name, String address, long idleSeconds) {}

  /** Asks Redis for all connections; blocks for a round trip. */
  static Clients of(RedisPool pool) {
    return parse(pool.ask(commands -> commands.clientList()));
  }

  /** Parses an answer to CLIENT LIST. */
  static Clients parse(String list) {
    List<Client> all = new ArrayList<>();
    for (String line : list.lines().toList()) {
      Map<String, String> fields = new HashMap<>();
      for (String field : line.split(" ", -1)) {
        int equals = field.indexOf('=');
        if (equals > 0) {
          fields.put(field.substring(0, equals), field.substring(equals + 1));
        }
      }
      String idle = fields.getOrDefault("idle", "");
      all.add(
          new Client(
              fields.getOrDefault("name", ""),
              fields.getOrDefault("addr", "?"),
              idle.matches("\\d{1,18}") ? Long.parseLong(idle) : 0));
    }
    return new Clients(all);
  }

  /** The name of the connection on which a fetcher publishes. */
  static String publisher(PartitionKeys keys, long incarnation) {
    return PUBLISHER + keys.tag() + ":" + incarnation;
  }

  /** The name of a parser's connections. */
  static String parser(String crawl, String node, String holder) {
    return PARSER + crawl + ":" + node + ":" + holder;
  }

  /** Whether a fetcher of the given partition is connected. */
  boolean anyPublisher(PartitionKeys keys) {
    return all.stream().anyMatch(client -> client.name.startsWith(PUBLISHER + keys.tag() + ":"));
  }

  /** The most recently used connection with the given name; empty if there is none. */
  Optional<Client> liveliest(String name) {
    return all.stream()
        .filter(client -> client.name.equals(name))
        .min((one, other) -> Long.compare(one.idleSeconds, other.idleSeconds));
  }

  /** The connections of a crawl's fetchers and parsers. */
  List<Client> ofCrawl(String crawl) {
    return all.stream()
        .filter(
            client ->
                client.name.startsWith(PUBLISHER + crawl + ".p")
                    || client.name.startsWith(PARSER + crawl + ":"))
        .toList();
  }
}
