package io.sluice.frontier.scope;

import io.sluice.core.config.ScopeSettings;
import io.sluice.core.url.Url;
import io.sluice.frontier.seen.Fingerprints;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;

/**
 * The budget of a path prefix: a host and the first segments of a path, without the query. It is
 * charged when a URL is accepted, not when it is fetched, so that a trap cannot even fill the
 * queues. URLs accepted in a batch count at once, even before they are committed. Confined to its
 * shard's thread.
 */
public final class PrefixRule {

  /** Stands for the prefix of a URL that has no such budget. */
  public static final long NONE = 0;

  private final ScopeSettings.PrefixBudget budget;
  private final Fingerprints fingerprints;
  private final PrefixBudgets committed;
  private final Long2IntOpenHashMap batch = new Long2IntOpenHashMap();

  /**
   * @param committed the counts of URLs accepted and committed earlier
   */
  public PrefixRule(
      ScopeSettings.PrefixBudget budget, Fingerprints fingerprints, PrefixBudgets committed) {
    this.budget = budget;
    this.fingerprints = fingerprints;
    this.committed = committed;
  }

  /** Begins a batch; the URLs of the previous one must already be committed. */
  public void begin() {
    batch.clear();
  }

  /** The fingerprint of a URL's prefix; {@link #NONE} if no budget applies. */
  public long prefixOf(Url url) {
    if (budget.maxUrls() == 0) {
      return NONE;
    }
    String path = url.href().substring(url.pathStart(), prefixEnd(url));
    long fingerprint = fingerprints.of(url.host().concat(path));
    return fingerprint == NONE ? 1 : fingerprint;
  }

  private int prefixEnd(Url url) {
    int slash = url.pathStart();
    for (int i = 0; i < budget.segments(); i++) {
      slash = url.href().indexOf('/', slash + 1, url.pathEnd());
      if (slash < 0) {
        return url.pathEnd();
      }
    }
    return slash;
  }

  /** Whether a prefix has used up its budget. */
  public boolean spent(long prefix) {
    return prefix != NONE && (long) committed.count(prefix) + batch.get(prefix) >= budget.maxUrls();
  }

  /** Records that the batch accepted a URL of the given prefix. */
  public void accepted(long prefix) {
    if (prefix != NONE) {
      batch.addTo(prefix, 1);
    }
  }
}
