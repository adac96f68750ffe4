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
import io.sluice.frontier.state.Event.DomainAdmitted;
import io.sluice.frontier.state.Event.HostAdded;
import io.sluice.frontier.state.Event.Queued;
import io.sluice.frontier.state.Event.Queued.How;
import io.sluice.frontier.state.Event.SeedRefused;
import io.sluice.frontier.state.ShardStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges offers: seen, refused, or accepted. Accepted URLs are marked seen here and must be
 * committed before the turn ends. Confined to its shard's thread.
 */
final class Admission {

  private static final int MAX_EXAMPLE = 300;

  private final ShardStore store;
  private final Scope scope;
  private final PrefixRule prefixes;
  private final Fingerprints fingerprints;
  private final InstantSource clock;
  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private final Map<Refusal, String> refusedExamples = new EnumMap<>(Refusal.class);
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

  /**
   * Looks up the URLs that a turn's messages offer in one batch, of at most {@link
   * SeenSet#MAX_PREPARED}, which is cheaper than one lookup for each.
   */
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
        lookUps[count++] = fingerprints.of(asQueued(offers.get(i)).url().href());
      }
    }
    store.state().seen().prepare(lookUps, count);
  }

  /**
   * The result of judging some offers.
   *
   * @param accepted the new URLs to commit, in the order of the offers
   */
  record Judged(List<Queued> accepted, OfferCounts counts) {
    Judged {
      accepted = List.copyOf(accepted);
    }
  }

  /** Judges offers, in their order. */
  Judged judge(List<Offer> offers) throws IOException {
    prefixes.begin();
    List<Queued> accepted = new ArrayList<>();
    long queued = 0;
    long seen = 0;
    long notWanted = 0;
    Refusal first = null;
    for (Offer found : offers) {
      Offer offer = asQueued(found);
      admit(offer);
      long fingerprint = fingerprints.of(offer.url().href());
      boolean known = store.state().seen().contains(fingerprint);
      How how = how(offer, fingerprint, known);
      if (how == null) {
        seen++;
        continue;
      }
      // A URL that was accepted before has already been charged to the prefix's budget.
      long prefix = known ? PrefixRule.NONE : prefixes.prefixOf(offer.url());
      Refusal refusal = decide(offer, prefix);
      if (refusal == null) {
        accepted.add(accept(offer, fingerprint, prefix, how, null));
        prefixes.accepted(prefix);
        queued++;
        continue;
      }
      first = first == null ? refusal : first;
      notWanted++;
      refused.merge(refusal, 1L, Long::sum);
      refusedExamples.computeIfAbsent(refusal, _ -> example(offer.url().href()));
      if (isSeed(offer)) {
        refuseSeed(offer, refusal);
      } else if (refusal.keepsPlace() && how == How.NEW) {
        accepted.add(accept(offer, fingerprint, PrefixRule.NONE, How.SET_ASIDE, refusal.word()));
      }
    }
    OfferCounts judged = new OfferCounts(queued, seen, notWanted, first);
    counts = counts.plus(judged);
    return new Judged(accepted, judged);
  }

  /**
   * The offer with its URL in the form in which it would be queued. An offer made even if its URL
   * was seen already has the form that was queued.
   */
  private Offer asQueued(Offer offer) {
    return offer.evenIfSeen() ? offer : scope.stripped(offer);
  }

  /**
   * How an offer would be queued; null if it was seen. A URL offered even if it was seen is marked
   * {@link How#AGAIN} even if it is new, so that the next such offer finds it among the URLs that
   * have not ended.
   */
  private @Nullable How how(Offer offer, long fingerprint, boolean known) {
    if (offer.evenIfSeen()) {
      return store.state().requeued().contains(fingerprint) ? null : How.AGAIN;
    }
    return known ? null : How.NEW;
  }

  /**
   * Seeds, and the targets of seeds' redirects, define the scope if the settings name no domains.
   */
  private void admit(Offer offer) throws IOException {
    if (offer.depth() > 0) {
      return;
    }
    String domain = scope.admit(offer);
    if (domain != null && !isSeed(offer)) {
      store.commit(new DomainAdmitted(domain)); // the seeds themselves are offered at each start
    }
  }

  /**
   * Why an offer does not belong to the crawl; null if it does. A host's budget is not a reason: it
   * bounds leases, and may be raised. A prefix's budget is checked only here, since a queued URL
   * has already been charged to it.
   */
  private @Nullable Refusal decide(Offer offer, long prefix) {
    Refusal refusal = scope.decide(offer.url(), offer.depth(), offer.via());
    return refusal == null && prefixes.spent(prefix) ? Refusal.PREFIX_BUDGET : refusal;
  }

  private Queued accept(
      Offer offer, long fingerprint, long prefix, How how, @Nullable String reason)
      throws IOException {
    HostQueue host = store.state().host(offer.url().host());
    if (host == null) {
      store.commit(new HostAdded(offer.url().host()));
      host = store.state().hosts().getLast();
    }
    store.state().seen().add(fingerprint);
    if (how == How.AGAIN) {
      store.state().requeued().add(fingerprint);
    }
    QueuedUrl url = QueuedUrl.of(offer, scope.labels(offer)).putOff(reason);
    return new Queued(host.id(), fingerprint, prefix, how, PackedUrl.pack(url));
  }

  private void refuseSeed(Offer offer, Refusal refusal) throws IOException {
    // A refused seed is not marked seen: it may be accepted once the settings have been edited. Its
    // line in the crawl log is written only once.
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

  /** The first URL refused for each reason, cut to {@value #MAX_EXAMPLE} characters; a copy. */
  Map<Refusal, String> refusedExamples() {
    return Map.copyOf(refusedExamples);
  }

  private static String example(String href) {
    return href.substring(0, Math.min(MAX_EXAMPLE, href.length()));
  }
}
