package io.sluice.frontier.shard;

import io.sluice.core.lease.Offer;
import io.sluice.frontier.OfferCounts;
import io.sluice.frontier.queue.HostQueue;
import io.sluice.frontier.queue.PackedUrl;
import io.sluice.frontier.queue.QueuedUrl;
import io.sluice.frontier.scope.PrefixRule;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import io.sluice.frontier.seen.Fingerprints;
import io.sluice.frontier.seen.SeenSet;
import io.sluice.frontier.shard.Event.HostAdded;
import io.sluice.frontier.shard.Event.Queued;
import io.sluice.frontier.shard.Event.SeedRefused;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges offers: seen, refused, or accepted. What is accepted is marked seen here and must be
 * committed before the turn ends. Confined to its shard's thread.
 */
final class Admission {

  private final ShardStore store;
  private final Scope scope;
  private final PrefixRule prefixes;
  private final Fingerprints fingerprints;
  private final InstantSource clock;
  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private OfferCounts counts = OfferCounts.NONE;
  private long[] lookUps = new long[1024];

  Admission(
      ShardStore store,
      Scope scope,
      PrefixRule prefixes,
      Fingerprints fingerprints,
      InstantSource clock) {
    this.store = store;
    this.scope = scope;
    this.prefixes = prefixes;
    this.fingerprints = fingerprints;
    this.clock = clock;
  }

  /** Looks up all that the messages of a turn offer at once, which is cheaper than one by one. */
  void prepare(List<Message> messages) throws IOException {
    if (store.state().seen().runs().isEmpty()) {
      return;
    }
    int count = 0;
    for (Message message : messages) {
      List<Offer> offers = message.offers();
      for (int i = 0; i < offers.size() && count < SeenSet.MAX_PREPARED; i++) {
        if (count == lookUps.length) {
          lookUps = Arrays.copyOf(lookUps, 2 * count);
        }
        lookUps[count++] = fingerprints.of(scope.stripped(offers.get(i)).url().href());
      }
    }
    store.state().seen().prepare(lookUps, count);
  }

  /** The new URLs that belong to the crawl, in the order of the offers. */
  List<Queued> judge(List<Offer> offers) throws IOException {
    prefixes.begin();
    List<Queued> accepted = new ArrayList<>();
    long seen = 0;
    long notWanted = 0;
    for (Offer found : offers) {
      Offer offer = scope.stripped(found);
      if (isSeed(offer)) {
        scope.admit(offer.url());
      }
      long fingerprint = fingerprints.of(offer.url().href());
      if (store.state().seen().contains(fingerprint)) {
        seen++;
        continue;
      }
      HostQueue host = store.state().host(offer.url().host());
      long prefix = prefixes.prefixOf(offer.url());
      Refusal refusal = decide(offer, host, prefix);
      if (refusal == null) {
        accepted.add(accept(offer, fingerprint, prefix, host));
        prefixes.accepted(prefix);
      } else {
        notWanted++;
        refuse(offer, refusal);
      }
    }
    counts = counts.plus(new OfferCounts(accepted.size(), seen, notWanted));
    return accepted;
  }

  private @Nullable Refusal decide(Offer offer, @Nullable HostQueue host, long prefix) {
    Refusal refusal = scope.decide(offer.url(), offer.depth(), host == null ? 0 : host.pages());
    // Asked here only: a queued URL whose turn comes has had its place in the budget.
    return refusal == null && prefixes.spent(prefix) ? Refusal.PREFIX_BUDGET : refusal;
  }

  private Queued accept(Offer offer, long fingerprint, long prefix, @Nullable HostQueue known)
      throws IOException {
    HostQueue host = known;
    if (host == null) {
      store.commit(new HostAdded(offer.url().host()));
      host = store.state().hosts().getLast();
    }
    store.state().seen().add(fingerprint);
    QueuedUrl url = QueuedUrl.of(offer, scope.labels(offer));
    return new Queued(host.id(), fingerprint, prefix, PackedUrl.pack(url));
  }

  private void refuse(Offer offer, Refusal refusal) throws IOException {
    refused.merge(refusal, 1L, Long::sum);
    if (!isSeed(offer)) {
      return;
    }
    // A refused seed is not seen: with edited settings it may be accepted. Its line is written
    // once.
    long fingerprint = fingerprints.ofRefused(offer.url().href());
    if (!store.state().seen().contains(fingerprint)) {
      PackedUrl url = PackedUrl.pack(QueuedUrl.of(offer));
      store.commit(new SeedRefused(fingerprint, url, refusal.word(), clock.instant()));
    }
  }

  private static boolean isSeed(Offer offer) {
    return offer.depth() == 0 && offer.via() == null;
  }

  /** All offers so far. */
  OfferCounts counts() {
    return counts;
  }

  /** All refused offers so far, by reason; a copy. */
  Map<Refusal, Long> refused() {
    return Map.copyOf(refused);
  }
}
