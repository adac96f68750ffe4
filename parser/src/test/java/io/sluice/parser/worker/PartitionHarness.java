package io.sluice.parser.worker;

import static io.sluice.core.testing.TestRedis.CRAWL;
import static io.sluice.core.testing.TestRedis.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.config.ConfigLoader;
import io.sluice.core.config.LoadResult;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage.Drained;
import io.sluice.core.message.Decoded;
import io.sluice.core.message.Outcome;
import io.sluice.core.message.OutcomeCodec;
import io.sluice.core.message.Page;
import io.sluice.core.message.PageCodec;
import io.sluice.core.message.RecordCodec;
import io.sluice.core.message.RecordOnly;
import io.sluice.core.message.StreamEntry;
import io.sluice.core.redis.RedisPool;
import io.sluice.core.testing.Json;
import io.sluice.core.testing.TestLedger;
import io.sluice.core.testing.TestRedis;
import io.sluice.parser.node.ParserNode;
import io.sluice.parser.sink.TestPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A crawl directory and a partition in a real Redis; the test acts as the fetcher, which publishes
 * pages and reads outcomes. Confined to the test's thread.
 */
final class PartitionHarness implements AutoCloseable {

  static final String PAGES = KEYS.pages();
  static final String OUTCOMES = KEYS.outcomes();

  private final Path dir;
  private final TestLedger ledger = new TestLedger();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final TestRedis redis;
  private final RedisClient client;
  private final StatefulRedisConnection<byte[], byte[]> bytes;
  private final RedisPool pool;

  PartitionHarness(TestRedis redis, Path dir) {
    this.redis = redis;
    this.dir = dir;
    this.client = RedisClient.create(redis.uri());
    this.bytes = client.connect(ByteArrayCodec.INSTANCE);
    this.pool = redis.pool();
  }

  TestRedis redis() {
    return redis;
  }

  RedisPool pool() {
    return pool;
  }

  TestLedger ledger() {
    return ledger;
  }

  SimpleMeterRegistry registry() {
    return registry;
  }

  Path dir() {
    return dir;
  }

  /** Sets up the partition as a fetcher does at startup, or after the test emptied Redis. */
  void begin(String epoch) {
    redis.own(KEYS, CRAWL, epoch);
  }

  @Override
  public void close() {
    pool.close();
    bytes.close();
    client.shutdown();
    assertThat(ledger.entries()).isEmpty();
  }

  SluiceConfig config(String parser, String output) throws IOException {
    Path file = dir.resolve("crawler.yaml");
    Files.writeString(
        file,
        """
        crawl: {name: test, dir: %s, seeds: ["http://a.test/"], user-agent: "Sluice/1 (+http://a.test/)"}
        parser: {threads: 2, batch-pages: 8, batch-time: 20ms, page-timeout: 1s%s}
        output: {jsonl: true, warc: true%s}
        """
            .formatted(dir.resolve("crawl"), parser, output));
    return switch (ConfigLoader.load(file, Map.of(), 2)) {
      case LoadResult.Loaded(SluiceConfig config) -> config;
      case LoadResult.Invalid(var problems) -> throw new AssertionError(problems);
    };
  }

  ParserWorkers open() throws IOException {
    return open(config("", ""));
  }

  ParserWorkers open(SluiceConfig config) throws IOException {
    return open(config, node(config));
  }

  ParserWorkers open(SluiceConfig config, ParserNode node) throws IOException {
    return ParserWorkers.open(config, node, pool, ledger, registry);
  }

  /** Another client of the Redis server; the test closes it. */
  StatefulRedisConnection<String, String> connect() {
    return client.connect();
  }

  /** The node of the crawl directory, whose frontier has the partition owner's identity. */
  ParserNode node(SluiceConfig config) throws IOException {
    return ParserNode.of(config, () -> CRAWL, ledger);
  }

  void publish(long from, long to) {
    for (long number = from; number <= to; number++) {
      publish(
          TestPages.html(
              number, "<title>p</title><a href=/next" + number + ">n</a><a href=/all>a</a>"));
    }
  }

  void publish(Page page) {
    publish(PageCodec.encode(page));
  }

  void publish(RecordOnly entry) {
    publish(RecordCodec.encode(entry));
  }

  private void publish(StreamEntry entry) {
    bytes
        .sync()
        .xadd(
            key(PAGES),
            key("k"),
            entry.lease(),
            key("h"),
            entry.header(),
            key("b"),
            entry.payload());
  }

  List<Outcome> outcomes() {
    List<Outcome> outcomes = new ArrayList<>();
    try (OutcomeCodec codec = new OutcomeCodec()) {
      for (StreamMessage<byte[], byte[]> message :
          bytes.sync().xrange(key(OUTCOMES), Range.unbounded())) {
        Map<String, byte[]> fields = new HashMap<>();
        message
            .getBody()
            .forEach((name, value) -> fields.put(new String(name, StandardCharsets.UTF_8), value));
        StreamEntry entry =
            new StreamEntry(field(fields, "k"), field(fields, "h"), field(fields, "l"));
        if (codec.decode(entry) instanceof Decoded.Whole<Outcome>(Outcome outcome)) {
          outcomes.add(outcome);
        }
      }
    }
    return outcomes;
  }

  static byte[] field(Map<String, byte[]> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Sets the fetcher's state. */
  void fetcher(String state) {
    redis.commands().hset(KEYS.owner(), "state", state);
  }

  void awaitOutcomes(int count) {
    await().atMost(Duration.ofSeconds(20)).until(() -> redis.commands().xlen(OUTCOMES) >= count);
  }

  void stop(ParserWorkers workers) {
    workers.stopIntake();
    assertThat(workers.drain(Deadline.in(Duration.ofSeconds(10)))).isEqualTo(new Drained(2, 0));
    workers.close();
  }

  /** The leases in sealed JSONL files, in any order; asserts that no other files are left. */
  List<String> leasesInOutput() throws IOException {
    List<String> leases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(dir.resolve("crawl/output"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        assertThat(file.toString()).doesNotEndWith(".part");
        if (file.toString().endsWith(".jsonl.gz")) {
          TestPages.gunzip(file)
              .lines()
              .forEach(line -> leases.add(String.valueOf(Json.object(line).get("lease"))));
        }
      }
    }
    return leases;
  }

  List<String> leases(int count) {
    return LongStream.rangeClosed(1, count).mapToObj(number -> "3-" + number).toList();
  }
}
