package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Reason;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.UrlEnd;
import io.sluice.core.lease.Visit;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.TestConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The rest of a crawl around one shard, in virtual time and driven by one seed. It offers seeds,
 * visits the URLs of its leases, ends leases in every possible way, sometimes twice, and keeps the
 * pages that Redis would keep after the process has ended. Every promise is recorded in {@link
 * Promises}. Confined to one trial.
 */
final class Crawler {

  private static final long SECOND = 1_000_000_000L;

  /** A request to the shard, and the promise that its answer makes. */
  private record Question(CompletableFuture<?> answer, Runnable promise) {}

  private final Random random;
  private final Web web;
  private final Promises promises;
  private final Set<String> seedsLeft;
  private final Map<LeaseId, Lease> held = new LinkedHashMap<>();
  private final Map<LeaseId, Lease> inRedis = new LinkedHashMap<>();
  private final Set<LeaseId> settling = new HashSet<>();
  private final List<Question> questions = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private boolean seedsAnswered;
  private long now = SECOND;
  private ShardUnderTest shard;

  @SuppressWarnings("NullAway.Init") // attach() sets the remaining fields
  Crawler(long seed, Web web, Promises promises) {
    this.random = new Random(seed);
    this.web = web;
    this.promises = promises;
    this.seedsLeft = new HashSet<>(web.seeds());
  }

  /** The crawl's monotonic time, in nanoseconds. */
  long now() {
    return now;
  }

  /** Continues with a shard that was just created or recovered. */
  void attach(ShardUnderTest opened) throws IOException {
    shard = opened;
    seedsAnswered = false;
    Set<LeaseId> out = Set.copyOf(shard.leasesOut());
    promises.checkOut(out);
    recoverLeases(out);
    expectSeen(promises.accepted());
    messages.add(new Message.Start(this::take));
    turn();
  }

  /** Does what the fetcher process does after a restart; see docs/handover.md. */
  private void recoverLeases(Set<LeaseId> out) throws IOException {
    // The last lease first, as in the frontier: each URL goes to the head of its host's queue.
    List<LeaseId> latestFirst = new ArrayList<>(out);
    latestFirst.sort(Comparator.comparingLong(LeaseId::sequence).reversed());
    for (LeaseId lease : latestFirst) {
      if (!inRedis.containsKey(lease)) {
        ask(lease, new Settlement.GiveBack(), List.of(), () -> promises.givenBack(lease));
      }
    }
    // Outcomes of leases that are not out: their settlement was journaled but not answered, or the
    // lease was lost in a power failure.
    for (Lease lease : inRedis.values()) {
      if (!out.contains(lease.id())) {
        List<String> links = web.links(lease.url().href());
        ask(lease.id(), page(), offers(lease, links, List.of()), () -> linksTaken(lease, links));
      }
    }
    while (!questions.isEmpty()) {
      finishTurns(questions.getFirst().answer());
    }
  }

  private void linksTaken(Lease lease, List<String> links) {
    inRedis.remove(lease.id());
    promises.accepted(links);
  }

  private void expectSeen(List<String> hrefs) throws IOException {
    CompletableFuture<OfferCounts> counts = new CompletableFuture<>();
    offer(hrefs, counts, () -> {});
    finishTurns(counts);
    assertThat(counts.join())
        .as("what was accepted is seen")
        .isEqualTo(new OfferCounts(0, hrefs.size(), 0, null));
  }

  /** Takes one step, or a few at once. */
  void act() throws IOException {
    now += random.nextInt(4) == 0 ? random.nextLong(SECOND) : random.nextLong(5_000_000);
    for (int i = random.nextInt(3); i >= 0; i--) {
      switch (random.nextInt(6)) {
        case 0 -> offerSeed();
        case 1, 2, 3 -> endVisit();
        default -> outcome();
      }
    }
    if (held.isEmpty() && inRedis.isEmpty() && shard.untilNextTurn() < 10 * SECOND) {
      now += shard.untilNextTurn();
    }
    turn();
  }

  private void take(Lease lease) {
    promises.leased(lease);
    held.put(lease.id(), lease);
  }

  private void offerSeed() {
    if (!seedsLeft.isEmpty()) {
      List<String> hrefs = List.of(seedsLeft.iterator().next());
      offer(
          hrefs,
          new CompletableFuture<>(),
          () -> {
            promises.accepted(hrefs);
            seedsLeft.removeAll(hrefs);
          });
    }
  }

  private void offer(List<String> hrefs, CompletableFuture<OfferCounts> counts, Runnable promise) {
    promises.offered(hrefs);
    questions.add(new Question(counts, promise));
    List<Offer> offers = hrefs.stream().map(TestConfig::url).map(Offer::seed).toList();
    messages.add(new Message.Offered(offers, counts));
  }

  private void endVisit() {
    if (held.isEmpty()) {
      return;
    }
    Lease lease = pick(held);
    held.remove(lease.id());
    messages.add(
        new Message.Visited(
            lease.id().sequence(), new Visit(null, null, true), new CompletableFuture<>()));
    switch (random.nextInt(10)) {
      case 0, 1 -> retry(lease);
      case 2 ->
          ask(
              lease.id(),
              new Settlement.GiveBack(),
              List.of(),
              () -> promises.givenBack(lease.id()));
      case 3 -> endAtOnce(lease, Ending.FAILED, List.of());
      case 4 -> endAtOnce(lease, Ending.REDIRECTED, List.of(lease.url().href()));
      default -> {
        inRedis.put(lease.id(), lease);
        messages.add(new Message.Outstanding(lease.id().sequence(), random.nextLong(20_000)));
      }
    }
  }

  private void retry(Lease lease) {
    promises.mayCountAttempt(lease);
    Duration after = Duration.ofMillis(random.nextInt(2000));
    ask(
        lease.id(),
        new Settlement.Retry(after, Reason.CONNECTION_RESET),
        List.of(),
        () -> promises.retried(lease));
  }

  /**
   * Ends a lease without a page. Its links are offered nevertheless, so that the set of reachable
   * pages does not depend on chance.
   */
  private void endAtOnce(Lease lease, Ending ending, List<String> redirects) {
    List<Offer> links = offers(lease, web.links(lease.url().href()), redirects);
    end(lease, new Settlement.Done(end(ending), List.of()), links);
  }

  private void outcome() {
    if (!inRedis.isEmpty()) {
      Lease lease = pick(inRedis);
      for (int i = random.nextInt(5) == 0 ? 2 : 1;
          i > 0;
          i--) { // twice if the outcome was not deleted in time
        end(lease, page(), offers(lease, web.links(lease.url().href()), List.of()));
      }
    }
  }

  private void end(Lease lease, Settlement done, List<Offer> offers) {
    List<String> links = offers.stream().map(offer -> offer.url().href()).toList();
    ask(
        lease.id(),
        done,
        offers,
        () -> {
          inRedis.remove(lease.id());
          promises.done(lease, links);
        });
  }

  private void ask(LeaseId lease, Settlement settlement, List<Offer> offers, Runnable promise) {
    CompletableFuture<Void> synced = new CompletableFuture<>();
    promises.offered(offers.stream().map(offer -> offer.url().href()).toList());
    settling.add(lease);
    questions.add(new Question(synced, promise));
    messages.add(new Message.Settle(lease.sequence(), settlement, offers, synced));
  }

  private static Settlement page() {
    return new Settlement.Done(end(Ending.PAGE), List.of());
  }

  private static UrlEnd end(Ending ending) {
    return new UrlEnd(ending, Reason.OK, 200, null, Instant.EPOCH, 1, 2);
  }

  private static List<Offer> offers(Lease from, List<String> links, List<String> redirects) {
    int depth = redirects.isEmpty() ? from.depth() + 1 : from.depth();
    return links.stream()
        .map(link -> new Offer(TestConfig.url(link), depth, from.url().href(), redirects))
        .toList();
  }

  private void finishTurns(CompletableFuture<?> answer) throws IOException {
    for (int i = 0; i < 100 && !answer.isDone(); i++) {
      turn();
      now += answer.isDone() ? 0 : Math.min(SECOND, shard.untilNextTurn());
    }
    assertThat(answer).as("an answer").isDone();
  }

  private void turn() throws IOException {
    List<Message> all = List.copyOf(messages);
    messages.clear();
    try {
      shard.turn(all);
    } finally {
      hearAnswers();
    }
    if (seedsLeft.isEmpty() && !seedsAnswered) {
      seedsAnswered = true;
      shard.allSeedsAnswered();
    }
  }

  /** Processes all answers, even those given at the last moment by a shard that failed. */
  void hearAnswers() {
    for (Question question : List.copyOf(questions)) {
      if (question.answer().isDone()) {
        questions.remove(question);
        if (!question.answer().isCompletedExceptionally()) {
          question.promise().run();
        }
      }
    }
  }

  /**
   * Records that the process has ended, so that requests without an answer are lost.
   *
   * @return the leases that were not asked to end, and so must survive a kill
   */
  Set<LeaseId> processGone() {
    hearAnswers();
    Set<LeaseId> out = new HashSet<>(held.keySet());
    out.addAll(inRedis.keySet());
    out.removeAll(settling);
    held.clear();
    settling.clear();
    questions.clear();
    messages.clear();
    promises.forgetUnanswered();
    return out;
  }

  private Lease pick(Map<LeaseId, Lease> from) {
    return List.copyOf(from.values()).get(random.nextInt(from.size()));
  }
}
