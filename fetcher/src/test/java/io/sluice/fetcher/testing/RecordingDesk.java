package io.sluice.fetcher.testing;

import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Validators;
import io.sluice.core.lease.Visit;
import io.sluice.core.message.Page;
import io.sluice.core.url.Url;
import io.sluice.fetcher.handover.PageSink;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A desk and a sink in one, which record what became of each lease and fail on a second end.
 * Thread-safe.
 */
public final class RecordingDesk implements LeaseDesk, PageSink {
  /** The labels of each lease. */
  public static final Labels LABELS = new Labels(Priority.HIGH, "news");

  private final AtomicLong sequence = new AtomicLong();
  private final Map<LeaseId, Fate> fates = new ConcurrentHashMap<>();

  /** What the sink answers. */
  public volatile CompletionStage<Handed> handed =
      CompletableFuture.completedFuture(new Handed.Accepted(1));

  /** A new lease on a URL, attempt 1. */
  public Lease lease(String url) {
    return lease(url, 1, List.of());
  }

  /** A new lease. */
  public Lease lease(String url, int attempt, List<String> redirects) {
    return lease(url, attempt, redirects, Validators.NONE);
  }

  /** A new lease on a page that was visited before, attempt 1. */
  public Lease revisit(String url, Validators validators) {
    return lease(url, 1, List.of(), validators);
  }

  private Lease lease(String url, int attempt, List<String> redirects, Validators validators) {
    Lease lease =
        new Lease(
            new LeaseId(0, sequence.incrementAndGet()),
            url(url),
            2,
            "http://via/",
            redirects,
            LABELS,
            attempt,
            validators);
    fates.put(lease.id(), new Fate());
    return lease;
  }

  /** The URL of that text, which must be one. */
  public static Url url(String text) {
    Url parsed = Url.parse(text);
    if (parsed == null) {
      throw new IllegalArgumentException(text);
    }
    return parsed;
  }

  /** What becomes of a lease. */
  public Fate fate(Lease lease) {
    return fate(lease.id());
  }

  private Fate fate(LeaseId lease) {
    Fate fate = fates.get(lease);
    if (fate == null) {
      throw new AssertionError("nobody issued lease " + lease);
    }
    return fate;
  }

  @Override
  public void visited(LeaseId lease, Visit visit) {
    fate(lease).visited(visit);
  }

  @Override
  public void outstanding(LeaseId lease, long bytes) {
    fate(lease).end(new End.Outstanding(bytes));
  }

  @Override
  public CompletionStage<Void> settle(LeaseId lease, Settlement settlement) {
    fate(lease).end(new End.Settled(settlement));
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Handed> publish(Page page) {
    fate(page.lease()).page(page);
    return handed;
  }

  /** How a lease ended. */
  public sealed interface End {
    /** Its page is handed over. */
    record Outstanding(long bytes) implements End {}

    /** It was settled. */
    record Settled(Settlement settlement) implements End {}
  }

  /** What became of one lease. Thread-safe. */
  public static final class Fate {
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<Page> page = new CompletableFuture<>();
    private volatile @Nullable Visit visit;

    /** How it ended, when it has; completes exceptionally on a breach of the protocol. */
    public CompletableFuture<End> end() {
      return end;
    }

    /** The page that was published for it, when it was. */
    public CompletableFuture<Page> page() {
      return page;
    }

    /** What the desk heard of the visit; null before. */
    public @Nullable Visit visit() {
      return visit;
    }

    private void visited(Visit told) {
      if (visit != null || end.isDone()) {
        end.obtrudeException(new AssertionError("visited twice, or after the end"));
      }
      visit = told;
    }

    private void page(Page published) {
      if (visit == null || !page.complete(published)) {
        end.obtrudeException(new AssertionError("published twice, or before visited"));
      }
    }

    private void end(End ending) {
      if (visit == null || !end.complete(ending)) {
        end.obtrudeException(new AssertionError("ended twice, or before visited: " + ending));
      }
    }
  }
}
