package io.sluice.frontier.inspect;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Offer;
import io.sluice.frontier.FrontierView;
import io.sluice.frontier.scope.Scope;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import java.io.IOException;

/**
 * Finds out which of many URLs are not waiting anywhere in a frontier, because they were never seen
 * or have ended. {@linkplain #add Add} the URLs, {@linkplain #lookUp look them up} in one pass over
 * all waiting URLs, then query each. Keeps a fingerprint of each in memory. Confined to one thread.
 */
public final class EndedUrls {

  private final FrontierView frontier;
  private final Scope scope;
  private final LongSet ended = new LongOpenHashSet();

  /**
   * Starts without URLs.
   *
   * @param frontier must not issue leases while this object is in use
   */
  public EndedUrls(FrontierView frontier, SluiceConfig config) {
    this.frontier = frontier;
    this.scope = new Scope(config);
  }

  /** Adds an offer's URL. */
  public void add(Offer offer) {
    ended.add(fingerprint(asQueued(offer)));
  }

  /** Removes the added URLs that are waiting, are leased, or are to be visited again. */
  public void lookUp() throws IOException {
    for (int number = 0; number < frontier.shards() && !ended.isEmpty(); number++) {
      try (ShardView shard = frontier.shard(number)) {
        shard
            .unended()
            .all(
                (_, packed) -> {
                  ended.remove(frontier.fingerprints().of(packed.unpack().href()));
                  return true;
                });
      }
    }
  }

  /** The offer with its URL in the form under which the frontier queues it. */
  public Offer asQueued(Offer offer) {
    return scope.stripped(offer);
  }

  /**
   * Whether an offer's URL, in the form of {@link #asQueued}, was added and is not waiting
   * anywhere.
   */
  public boolean contains(Offer asQueued) {
    return ended.contains(fingerprint(asQueued));
  }

  private long fingerprint(Offer asQueued) {
    return frontier.fingerprints().of(asQueued.url().href());
  }
}
