package io.sluice.frontier.shard;

import io.sluice.core.lease.Ending;
import io.sluice.core.lease.UrlEnd;
import io.sluice.frontier.FailedSeed;
import io.sluice.frontier.queue.QueuedUrl;
import java.util.ArrayList;
import java.util.List;

/**
 * The seeds of this run that ended without a page, at most the first {@link #MAX}; they explain why
 * a crawl fetched nothing. A seed that redirects is judged by its target. Confined to its shard's
 * thread.
 */
final class SeedsWithoutPage {

  static final int MAX = 20;

  private final List<FailedSeed> failed = new ArrayList<>();

  /** Records that a URL ended; ignored unless it is a seed or the target of a seed's redirects. */
  void ended(QueuedUrl url, UrlEnd end) {
    if (url.depth() > 0 || failed.size() >= MAX || url.revisit() != null) {
      return;
    }
    UrlEnd.Target target = end.target();
    boolean led = target != null && target.refused() == null;
    boolean gave = end.ending() == Ending.PAGE || end.ending() == Ending.UNCHANGED || led;
    if (!gave) {
      String seed = url.redirects().isEmpty() ? url.href() : url.redirects().getFirst();
      String towards = target == null ? null : target.href();
      String reason = target == null ? end.reason() : String.valueOf(target.refused());
      failed.add(new FailedSeed(seed, reason, towards));
    }
  }

  /** The seeds so far; a copy. */
  List<FailedSeed> all() {
    return List.copyOf(failed);
  }
}
