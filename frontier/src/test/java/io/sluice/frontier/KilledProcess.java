package io.sluice.frontier;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.testing.TestLedger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A process that drives a frontier at full speed until it is killed or the crawl is over. It
 * records each fact at once in its own file, as a line in a single write, which a kill cannot undo.
 * It also prints a byte for each fact, so that the test can count them. {@link Facts} reads the
 * file.
 */
final class KilledProcess {

  private final FileChannel facts;
  private final int pages;
  private final ScheduledExecutorService parser = Executors.newSingleThreadScheduledExecutor();

  private KilledProcess(FileChannel facts, int pages) {
    this.facts = facts;
    this.pages = pages;
  }

  /** Arguments: the crawl's directory, the file of facts, the number of pages. */
  public static void main(String[] args) throws Exception {
    try (FileChannel facts =
        FileChannel.open(Path.of(args[1]), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      new KilledProcess(facts, Integer.parseInt(args[2])).run(Path.of(args[0]));
    }
  }

  static TestConfig config() {
    TestConfig config = new TestConfig();
    config.shards = 2;
    config.maxDepth = 1_000_000;
    config.checkpointInterval = Duration.ofMillis(50);
    return config;
  }

  private void run(Path dir) throws Exception {
    try (Frontier frontier =
        Frontier.open(config().build(), dir, new TestLedger(), new SimpleMeterRegistry())) {
      note("\nstart");
      frontier.outAtStart().forEach(lease -> note("out " + lease));
      note("ready");
      List<CompletionStage<Void>> before = new ArrayList<>();
      for (LeaseId lease : frontier.outAtStart()) {
        before.add(settle(frontier, lease, new Settlement.GiveBack(), "given-back " + lease));
      }
      before.add(frontier.offer(List.of(seed())).thenAccept(_ -> note("seen " + href(0))));
      for (CompletionStage<Void> answer : before) {
        answer.toCompletableFuture().get(60, TimeUnit.SECONDS);
      }
      frontier.start(lease -> take(frontier, lease));
      frontier.finished().toCompletableFuture().get(10, TimeUnit.MINUTES);
    } finally {
      parser.shutdown();
    }
  }

  private void take(Frontier frontier, Lease lease) {
    note("lease " + lease.id() + " " + lease.url().href());
    frontier.visited(lease.id(), new Visit(null, null, true));
    ThreadLocalRandom random = ThreadLocalRandom.current();
    String named = lease.id() + " " + lease.url().href();
    CompletableFuture<Void> end =
        switch (random.nextInt(20)) {
          case 0 ->
              settle(
                  frontier,
                  lease.id(),
                  new Settlement.Retry(Duration.ofMillis(1), Reason.CONNECTION_RESET),
                  "retried " + lease.id());
          case 1 ->
              settle(frontier, lease.id(), new Settlement.GiveBack(), "given-back " + lease.id());
          case 2, 3, 4 -> later(frontier, lease, named);
          default -> settle(frontier, lease.id(), done(lease), "done " + named);
        };
    end.exceptionally(KilledProcess::die);
  }

  private CompletableFuture<Void> later(Frontier frontier, Lease lease, String named) {
    frontier.outstanding(lease.id(), 1000);
    Executor soon =
        CompletableFuture.delayedExecutor(
            ThreadLocalRandom.current().nextInt(5), TimeUnit.MILLISECONDS, parser);
    return CompletableFuture.runAsync(() -> {}, soon)
        .thenCompose(_ -> settle(frontier, lease.id(), done(lease), "done " + named));
  }

  private CompletableFuture<Void> settle(
      Frontier frontier, LeaseId lease, Settlement settlement, String fact) {
    note("settling " + lease);
    return frontier.settle(lease, settlement).thenRun(() -> note(fact)).toCompletableFuture();
  }

  private Settlement done(Lease lease) {
    String via = lease.url().href();
    List<Offer> links =
        links(via, pages).stream()
            .map(link -> new Offer(TestConfig.url(link), lease.depth() + 1, via, List.of()))
            .toList();
    return new Settlement.Done(FakeFetcher.page(), links);
  }

  /** A fact is a line that ends with a full stop; a torn line does not. */
  private synchronized void note(String fact) {
    try {
      facts.write(ByteBuffer.wrap((fact + " .\n").getBytes(StandardCharsets.UTF_8)));
      System.out.write('.');
      System.out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Void die(Throwable failure) {
    failure.printStackTrace();
    Runtime.getRuntime().halt(9);
    return null;
  }

  private static Offer seed() {
    return Offer.seed(TestConfig.url(href(0)));
  }

  private static String href(int page) {
    return "http://h" + page % 50 + ".test/" + page;
  }

  /** The links of a page in a web of {@code pages} pages; every page is reached from the first. */
  static List<String> links(String href, int pages) {
    int page = Integer.parseInt(href.substring(href.lastIndexOf('/') + 1));
    List<String> links = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      links.add(href((page * 2 + i) % pages));
    }
    return links;
  }

  /** The whole web. */
  static List<String> web(int pages) {
    return IntStream.range(0, pages).mapToObj(KilledProcess::href).toList();
  }
}
