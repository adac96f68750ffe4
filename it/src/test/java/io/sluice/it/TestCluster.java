package io.sluice.it;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.resource.ClientResources;
import io.netty.resolver.DefaultAddressResolverGroup;
import io.sluice.core.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A Redis Cluster of two nodes, of which one has all slots and the other none. Confined to the
 * test's thread.
 */
final class TestCluster implements AutoCloseable {

  private static final int SLOTS = 16_384;

  private final List<Node> nodes = new ArrayList<>();

  /** A node, with the test's own connection to it. */
  static final class Node {
    private final Process process;
    private final int port;
    private final ClientResources resources;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private Node(Path program, Path dir) throws IOException {
      port = FreePort.number();
      Files.createDirectories(dir);
      process =
          new ProcessBuilder(
                  program.toString(),
                  "--port",
                  String.valueOf(port),
                  "--cluster-port",
                  String.valueOf(FreePort.number()),
                  "--bind",
                  "127.0.0.1",
                  "--dir",
                  dir.toString(),
                  "--cluster-enabled",
                  "yes",
                  "--cluster-node-timeout",
                  "5000",
                  "--appendonly",
                  "yes",
                  "--save",
                  "")
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("log.txt").toFile())
              .start();
      // Lettuce's own resolver opens a socket, which sometimes outlives the client.
      resources =
          ClientResources.builder()
              .addressResolverGroup(DefaultAddressResolverGroup.INSTANCE)
              .build();
      client = RedisClient.create(resources, RedisURI.create(address()));
      connection =
          await()
              .atMost(Duration.ofSeconds(30))
              .ignoreExceptions()
              .until(() -> client.connect(), StatefulRedisConnection::isOpen);
    }

    String address() {
      return "redis://127.0.0.1:" + port;
    }

    int port() {
      return port;
    }

    RedisCommands<String, String> commands() {
      return connection.sync();
    }

    private void close() {
      connection.close();
      client.shutdown(0, 5, TimeUnit.SECONDS);
      resources.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
      process.destroyForcibly();
    }
  }

  private TestCluster() {}

  /** Starts a cluster below {@code dir}; the caller closes it. */
  static TestCluster start(Path dir) throws IOException {
    TestCluster cluster = new TestCluster();
    try (TestRedis programs = TestRedis.start()) {
      Path program = dir.resolve("redis-server");
      Files.copy(programs.appendOnlyDir().resolveSibling("redis-server"), program);
      program.toFile().setExecutable(true);
      cluster.nodes.add(new Node(program, dir.resolve("keeper")));
      cluster.nodes.add(new Node(program, dir.resolve("other")));
    }
    cluster.keeper().commands().clusterAddSlots(IntStream.range(0, SLOTS).toArray());
    cluster.other().commands().configSet("cluster-require-full-coverage", "no");
    cluster.join();
    return cluster;
  }

  private void join() {
    String busPort = keeper().commands().configGet("cluster-port").get("cluster-port");
    other()
        .commands()
        .dispatch(
            io.lettuce.core.protocol.CommandType.CLUSTER,
            new io.lettuce.core.output.StatusOutput<>(io.lettuce.core.codec.StringCodec.UTF8),
            new io.lettuce.core.protocol.CommandArgs<>(io.lettuce.core.codec.StringCodec.UTF8)
                .add("MEET")
                .add("127.0.0.1")
                .add(keeper().port())
                .add(busPort));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                other().commands().clusterInfo().contains("cluster_slots_assigned:" + SLOTS)
                    && other().commands().clusterInfo().contains("cluster_state:ok")
                    && keeper().commands().clusterInfo().contains("cluster_known_nodes:2"));
  }

  /** The node that has all slots at first. */
  Node keeper() {
    return nodes.getFirst();
  }

  /** The node that has no slots at first. */
  Node other() {
    return nodes.getLast();
  }

  /** Makes the other node a replica of the keeper. */
  void replicate() {
    other().commands().clusterReplicate(keeper().commands().clusterMyId());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> other().commands().info("replication").contains("master_link_status:up"));
  }

  /** Makes a replica the primary, with all of its primary's data. */
  static void failOverTo(Node replica) {
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(
            () -> {
              if (replica.commands().info("replication").contains("role:master")) {
                return true;
              }
              replica.commands().clusterFailover(false);
              return false;
            });
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
  }
}
