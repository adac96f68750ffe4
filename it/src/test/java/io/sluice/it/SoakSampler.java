package io.sluice.it;

import io.sluice.it.Flatness.Rule;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads the metrics of every process of a running crawl, and the kernel's figures for it.
 *
 * <p>Confined to one thread; close it to end its HTTP client.
 */
final class SoakSampler implements AutoCloseable {

  private static final String HEAP = "sluice_heap_after_gc_bytes";
  private static final int SAMPLES_PER_COLLECTION = 5;

  private final CrawlDir dir;
  private final ProcessHandle supervisor;
  private final HttpClient http = HttpClient.newHttpClient();
  private final long startNanos = System.nanoTime();
  private final Map<String, SoakSeries> series = new LinkedHashMap<>();
  private final Map<String, ProcessSample> last = new LinkedHashMap<>();
  private int samples;
  private Metrics fetcher = new Metrics(Map.of());

  SoakSampler(CrawlDir dir, ProcessHandle supervisor) {
    this.dir = dir;
    this.supervisor = supervisor;
  }

  /**
   * Takes all readings, but those of the heaps only at every fifth call, since they are expensive.
   */
  void sample() throws IOException, InterruptedException {
    for (String process : List.of("fetcher", "parser-1")) {
      Metrics metrics = Metrics.read(http, dir.adminPort(process));
      jvm(process, metrics);
      kernel(process, dir.pid(process), false);
      if (process.equals("fetcher")) {
        fetcher = metrics;
        frontier(metrics);
      }
    }
    kernel("supervisor", supervisor.pid(), true);
    long redisPid = Long.parseLong(Files.readString(dir.path().resolve("redis/redis.pid")).strip());
    kernel("redis", redisPid, true);
    add("redis used_memory", Rule.BYTES, redisUsedMemory());
    if (++samples % SAMPLES_PER_COLLECTION == 0) {
      sampleHeaps();
    }
  }

  /** Makes both JVMs collect all garbage, and reads the sizes of their heaps. */
  private void sampleHeaps() throws IOException, InterruptedException {
    for (String process : List.of("fetcher", "parser-1")) {
      collectGarbage(dir.pid(process));
      Metrics metrics = Metrics.read(http, dir.adminPort(process));
      // The frontier keeps these tables in memory by design; they are bounded and have their own
      // metrics.
      double frontier =
          process.equals("fetcher")
              ? metrics.value("sluice_frontier_seen_memory_bytes")
                  + metrics.value("sluice_frontier_queue_memory_bytes")
              : 0;
      String heap = process + " heap after gc";
      add(heap, Rule.FLOOR, SAMPLES_PER_COLLECTION, metrics.value(HEAP) - frontier);
    }
  }

  Collection<SoakSeries> series() {
    return series.values();
  }

  /**
   * Returns series whose verdict is unreliable because more than a tenth of their readings are
   * missing.
   */
  List<String> withHoles() {
    return series.values().stream()
        .filter(one -> one.rule() != Rule.SHOWN)
        .filter(one -> one.values().length < 0.9 * samples / one.every())
        .map(SoakSeries::name)
        .toList();
  }

  /** The fetcher's last reading. */
  Metrics fetcher() {
    return fetcher;
  }

  /** The kernel's last figures for each process. */
  Map<String, ProcessSample> processes() {
    return last;
  }

  private void jvm(String process, Metrics metrics) {
    metrics
        .byLabel("sluice_fds")
        .forEach(
            (kind, count) -> {
              Rule rule = kind.equals("unattributed") ? Rule.NEVER : Rule.COUNT;
              add(process + " fds " + kind, rule, count);
            });
    add(process + " fds phantom", Rule.NEVER, metrics.value("sluice_fds_phantom"));
    add(process + " threads", Rule.COUNT, metrics.value("jvm_threads_live_threads"));
    add(process + " netty direct", Rule.BYTES, metrics.value("sluice_netty_direct_bytes"));
    add(
        process + " jvm direct",
        Rule.BYTES,
        metrics.value("jvm_buffer_memory_used_bytes{id=\"direct\"}"));
  }

  private void frontier(Metrics metrics) {
    add("frontier queued", Rule.SHOWN, metrics.value("sluice_frontier_queued"));
    add("frontier seen", Rule.SHOWN, metrics.value("sluice_frontier_seen"));
    add(
        "frontier memory",
        Rule.SHOWN,
        metrics.value("sluice_frontier_seen_memory_bytes")
            + metrics.value("sluice_frontier_queue_memory_bytes"));
  }

  private void kernel(String process, long pid, boolean judged) throws IOException {
    ProcessSample sample = ProcessSample.of(pid);
    last.put(process, sample);
    if (judged) {
      add(process + " fds", Rule.COUNT, sample.descriptors());
      add(process + " threads", Rule.COUNT, sample.threads());
    }
    // A JVM may fill its heap up to the bound before it collects, so this has no verdict.
    add(process + " rss", Rule.SHOWN, sample.residentBytes());
  }

  private void add(String name, Rule rule, double value) {
    add(name, rule, 1, value);
  }

  private void add(String name, Rule rule, int every, double value) {
    double second = (System.nanoTime() - startNanos) / 1e9;
    series.computeIfAbsent(name, key -> new SoakSeries(key, rule, every)).add(second, value);
  }

  private static void collectGarbage(long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(jcmd.toString(), Long.toString(pid), "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private double redisUsedMemory() throws IOException {
    Path socket = dir.redisSocket();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap("INFO memory\r\n".getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer reply = ByteBuffer.allocate(16 * 1024);
      while (channel.read(reply) > 0) {
        String text = new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII);
        int begin = text.indexOf("used_memory:");
        int end = text.indexOf('\r', begin + 1);
        if (begin >= 0 && end >= 0) {
          return Double.parseDouble(text.substring(begin + "used_memory:".length(), end));
        }
      }
    }
    return Double.NaN;
  }

  @Override
  public void close() {
    http.close();
  }
}
