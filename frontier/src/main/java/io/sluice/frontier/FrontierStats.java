package io.sluice.frontier;

import io.sluice.core.lease.Ending;
import io.sluice.core.lifecycle.LeaseSums;
import io.sluice.frontier.hold.HostState.Kind;
import io.sluice.frontier.scope.Refusal;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The frontier at a glance: the figures that a shard publishes at the end of each turn, or the sum
 * over all shards. Immutable.
 *
 * @param queued URLs that are waiting for a lease, retries included
 * @param leased leases whose page is not yet in Redis
 * @param outstanding leases that are waiting for a parser's outcome
 * @param revisits pages that are waiting until they are due to be visited again
 * @param retries URLs among the queued that wait until their next attempt is due
 * @param setAside URLs set aside because the current settings refuse them
 * @param givenUp URLs whose hosts were given up; they stay on disk
 * @param seen URLs ever accepted in this crawl directory, and seeds refused
 * @param hostStates hosts ever seen in this crawl directory, by state
 * @param held the hosts that are held
 * @param backingOff hosts that are left alone for longer than their delay, after failures or slow
 *     responses, or at their own request
 * @param oldestLease time since the least recently changed lease last changed its stage
 * @param done URLs that ended in this crawl directory, by ending; a URL counts once for each visit
 *     that ended it; endings without URLs are absent
 * @param endedBy the same by reason; those with a response also by the class of its status
 * @param setAsideNow URLs set aside in this run, by reason
 * @param failedSeeds the first seeds that gave no page in this run
 * @param bytes body bytes received for the URLs that ended
 * @param offers offers of this run
 * @param refused refused offers of this run by reason; reasons without offers are absent
 * @param refusedExamples one refused URL for each reason
 * @param leases what became of the leases of this run; only the fetcher knows which were forced
 * @param footprint the frontier's resource usage
 */
public record FrontierStats(
    long queued,
    long leased,
    long outstanding,
    long revisits,
    long retries,
    long setAside,
    long givenUp,
    long seen,
    Map<Kind, Integer> hostStates,
    HeldHosts held,
    long backingOff,
    Duration oldestLease,
    Map<Ending, Long> done,
    List<EndedBy> endedBy,
    Map<String, Long> setAsideNow,
    List<FailedSeed> failedSeeds,
    long bytes,
    OfferCounts offers,
    Map<Refusal, Long> refused,
    Map<Refusal, String> refusedExamples,
    LeaseSums leases,
    Footprint footprint) {

  public FrontierStats {
    done = Map.copyOf(done);
    hostStates = Map.copyOf(hostStates);
    endedBy = List.copyOf(endedBy);
    setAsideNow = Map.copyOf(setAsideNow);
    failedSeeds = List.copyOf(failedSeeds);
    refused = Map.copyOf(refused);
    refusedExamples = Map.copyOf(refusedExamples);
  }

  /** The sum of one shard or more. */
  static FrontierStats sum(List<FrontierStats> shards) {
    return shards.stream().reduce(FrontierStats::plus).orElseThrow();
  }

  private FrontierStats plus(FrontierStats other) {
    return new FrontierStats(
        queued + other.queued,
        leased + other.leased,
        outstanding + other.outstanding,
        revisits + other.revisits,
        retries + other.retries,
        setAside + other.setAside,
        givenUp + other.givenUp,
        seen + other.seen,
        sum(hostStates, other.hostStates, Integer::sum),
        held.plus(other.held),
        backingOff + other.backingOff,
        oldestLease.compareTo(other.oldestLease) >= 0 ? oldestLease : other.oldestLease,
        sum(done, other.done, Long::sum),
        sum(endedBy, other.endedBy),
        sum(setAsideNow, other.setAsideNow, Long::sum),
        Stream.concat(failedSeeds.stream(), other.failedSeeds.stream()).toList(),
        bytes + other.bytes,
        offers.plus(other.offers),
        sum(refused, other.refused, Long::sum),
        sum(refusedExamples, other.refusedExamples, (first, _) -> first),
        leases.plus(other.leases),
        footprint.plus(other.footprint));
  }

  private static <K, V> Map<K, V> sum(Map<K, V> one, Map<K, V> other, BinaryOperator<V> plus) {
    Map<K, V> sums = new HashMap<>(one);
    other.forEach((key, value) -> sums.merge(key, value, plus));
    return sums;
  }

  private static List<EndedBy> sum(List<EndedBy> one, List<EndedBy> other) {
    Map<String, EndedBy> sums = new TreeMap<>();
    Stream.concat(one.stream(), other.stream())
        .forEach(ended -> sums.merge(ended.word(), ended, EndedBy::plus));
    return List.copyOf(sums.values());
  }

  /** URLs that ended by each reason, the most frequent first. */
  public List<EndedBy> reasons() {
    return mostFrequent(ended -> !ended.countsStatus());
  }

  /** URLs that ended with a response, by {@link EndedBy#hundred}, the most frequent first. */
  public List<EndedBy> statuses() {
    return mostFrequent(EndedBy::countsStatus);
  }

  private List<EndedBy> mostFrequent(Predicate<EndedBy> which) {
    return endedBy.stream()
        .filter(which)
        .sorted(Comparator.comparingLong(EndedBy::count).reversed().thenComparing(EndedBy::word))
        .toList();
  }

  /** Number of URLs with the given ending. */
  public long done(Ending ending) {
    return done.getOrDefault(ending, 0L);
  }

  /** Hosts ever seen in this crawl directory. */
  public long hosts() {
    return hostStates.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** Hosts in a state. */
  public int hosts(Kind state) {
    return hostStates.getOrDefault(state, 0);
  }

  /** URLs that ended, in whatever way. */
  public long ended() {
    return done.values().stream().mapToLong(Long::longValue).sum();
  }
}
