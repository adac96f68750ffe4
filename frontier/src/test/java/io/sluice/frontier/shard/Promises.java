package io.sluice.frontier.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The promises of a shard, recorded independently of it and across its crashes, and checks that
 * they are kept. A promise is an answer: a request that was never answered may or may not have
 * taken effect. Confined to one trial.
 */
final class Promises {

  private final Set<String> accepted = new LinkedHashSet<>();
  private final Set<String> done = new HashSet<>();
  private final Set<LeaseId> ended = new HashSet<>();
  private final Map<String, Integer> attemptsAtLeast = new HashMap<>();
  private final Map<String, Integer> attemptsAtMost = new HashMap<>();

  /** URLs never leased, by host, in the order in which they were first offered. */
  private final Map<String, Set<String>> waiting = new LinkedHashMap<>();

  private final Set<String> leasedOnce = new HashSet<>();
  private final Set<String> disordered = new HashSet<>();
  private long highestSequence;

  /** Records that URLs were offered, in this order. */
  void offered(List<String> hrefs) {
    for (String href : hrefs) {
      if (!leasedOnce.contains(href)) {
        waiting.computeIfAbsent(host(href), _ -> new LinkedHashSet<>()).add(href);
      }
    }
  }

  /** Records that offers were answered, so that these URLs are seen. */
  void accepted(Collection<String> hrefs) {
    accepted.addAll(hrefs);
  }

  /** Records that a lease was handed out. */
  void leased(Lease lease) {
    String href = lease.url().href();
    assertThat(lease.id().sequence()).as("a number never used").isGreaterThan(highestSequence);
    highestSequence = lease.id().sequence();
    assertThat(done).as("done for good").doesNotContain(href);
    assertThat(lease.attempt())
        .as("attempts on " + href)
        .isBetween(attemptsAtLeast.getOrDefault(href, 1), attemptsAtMost.getOrDefault(href, 1));
    if (leasedOnce.add(href)) {
      firstLease(href);
    }
  }

  private void firstLease(String href) {
    Set<String> before = waiting.getOrDefault(host(href), Set.of());
    assertThat(before).as("offered").contains(href);
    if (!disordered.contains(href)) {
      String first = before.stream().filter(one -> !disordered.contains(one)).findFirst().get();
      assertThat(href).as("the turn of " + first).isEqualTo(first);
    }
    before.remove(href);
  }

  /** Records a request to end a lease so that its URL is visited again. */
  void mayCountAttempt(Lease lease) {
    attemptsAtMost.merge(lease.url().href(), lease.attempt() + 1, Math::max);
  }

  /** Records that the request to visit a lease's URL again was answered. */
  void retried(Lease lease) {
    ended.add(lease.id());
    attemptsAtLeast.put(lease.url().href(), lease.attempt() + 1);
  }

  /** Records that the return of a lease was answered. */
  void givenBack(LeaseId lease) {
    ended.add(lease);
  }

  /** Records that the end of a URL, together with its links, was answered. */
  void done(Lease lease, Collection<String> links) {
    ended.add(lease.id());
    done.add(lease.url().href());
    accepted.addAll(links);
  }

  /** Records that the process has ended, so that the positions of unanswered offers are unknown. */
  void forgetUnanswered() {
    for (Set<String> ofHost : waiting.values()) {
      ofHost.stream().filter(href -> !accepted.contains(href)).forEach(disordered::add);
    }
  }

  /** All URLs whose offer was answered. */
  List<String> accepted() {
    return List.copyOf(accepted);
  }

  /** The URLs that are done. */
  Set<String> done() {
    return Set.copyOf(done);
  }

  /** Compares the leases of a recovered shard with the answers. */
  void checkOut(Collection<LeaseId> out) {
    assertThat(out).as("leases out").noneMatch(ended::contains);
  }

  private static String host(String href) {
    return href.substring(0, href.lastIndexOf('/'));
  }
}
