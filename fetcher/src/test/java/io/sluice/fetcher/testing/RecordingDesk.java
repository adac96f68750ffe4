package io.sluice.fetcher.testing;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.AddressDesk;
import io.sluice.core.lease.HostDesk;
import io.sluice.core.lease.Labels;
import io.sluice.core.lease.Lease;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.Priority;
import io.sluice.core.lease.Ruling;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Validators;
import io.sluice.core.lease.Visit;
import io.sluice.core.lease.VisitKind;
import io.sluice.core.message.Page;
import io.sluice.core.resource.Ledger;
import io.sluice.core.url.Url;
import io.sluice.fetcher.Fetcher;
import io.sluice.fetcher.gate.Gate;
import io.sluice.fetcher.gate.Leave;
import io.sluice.fetcher.handover.PagePublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A desk and a publisher in one; records how each lease ended, and fails if one ends twice.
 * Thread-safe.
 */
public final class RecordingDesk implements LeaseDesk, PagePublisher {
  /** The labels of each lease. */
  public static final Labels LABELS = new Labels(Priority.HIGH, "news");

  private final AtomicLong sequence = new AtomicLong();
  private final Map<LeaseId, Fate> fates = new ConcurrentHashMap<>();

  /** The publisher's answer to every page. */
  public volatile CompletionStage<Handed> handed =
      CompletableFuture.completedFuture(new Handed.Accepted(1));

  /** The desk's ruling on every visit. */
  public volatile Ruling ruling = Ruling.CHARGED;

  /** Creates a lease on a URL, attempt 1. */
  public Lease lease(String url) {
    return lease(url, 1, List.of());
  }

  /** A new lease. */
  public Lease lease(String url, int attempt, List<String> redirects) {
    return lease(url, attempt, redirects, Validators.NONE, Lease.Terms.PROVEN);
  }

  /** Creates a lease on a page that was visited before, attempt 1. */
  public Lease revisit(String url, Validators validators) {
    return lease(url, 1, List.of(), validators, Lease.Terms.PROVEN);
  }

  /** Creates a lease that finds out whether a held host has recovered. */
  public Lease probe(String url) {
    return lease(url, new Lease.Terms(true, VisitKind.PROVEN, null));
  }

  /** Creates a lease on a URL of a host that was never visited. */
  public Lease firstVisit(String url) {
    return lease(url, new Lease.Terms(false, VisitKind.FIRST, null));
  }

  /** Like {@link #firstVisit(String)}, with a bound on the time to the first byte. */
  public Lease firstVisit(String url, Duration firstByte) {
    return lease(url, new Lease.Terms(false, VisitKind.FIRST, firstByte));
  }

  /** Creates a lease on a URL of a host that was visited before and never gave a good answer. */
  public Lease laterVisit(String url, Duration firstByte) {
    return lease(url, new Lease.Terms(false, VisitKind.TROUBLED, firstByte));
  }

  private Lease lease(String url, Lease.Terms terms) {
    return lease(url, 1, List.of(), Validators.NONE, terms);
  }

  private Lease lease(
      String url, int attempt, List<String> redirects, Validators validators, Lease.Terms terms) {
    LeaseId id = new LeaseId(0, sequence.incrementAndGet());
    Lease lease =
        new Lease(id, url(url), 2, "http://via/", redirects, LABELS, attempt, validators, terms);
    fates.put(id, new Fate());
    return lease;
  }

  /** Returns leave for one request to a URL's host, from a gate without clocks. */
  public static Leave leave(SluiceConfig config, String url) {
    Gate gate = new Gate(config, AddressDesk.UNLIMITED, HostDesk.UNLIMITED);
    return Objects.requireNonNull(gate.admit(new RecordingDesk().lease(url)).own());
  }

  /**
   * Opens a fetcher with this desk, without limits on addresses or other hosts; the caller closes
   * it.
   */
  public Fetcher fetcher(TestSettings settings, Ledger ledger, MeterRegistry meters) {
    return Fetcher.open(
        settings.config(), this, AddressDesk.UNLIMITED, HostDesk.UNLIMITED, this, ledger, meters);
  }

  /** Parses a text that must be a URL. */
  public static Url url(String text) {
    Url parsed = Url.parse(text);
    if (parsed == null) {
      throw new IllegalArgumentException(text);
    }
    return parsed;
  }

  /** The fate of a lease. */
  public Fate fate(Lease lease) {
    return fate(lease.id());
  }

  /** Waits, for at most ten seconds, for the end of a lease, and returns it. */
  public End endOf(Lease lease) throws Exception {
    return fate(lease).end().get(10, TimeUnit.SECONDS);
  }

  private Fate fate(LeaseId lease) {
    Fate fate = fates.get(lease);
    if (fate == null) {
      throw new AssertionError("no desk issued lease " + lease);
    }
    return fate;
  }

  @Override
  public CompletionStage<Ruling> visited(LeaseId lease, Visit visit) {
    fate(lease).visited(visit);
    return CompletableFuture.completedFuture(ruling);
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
    /** The lease's page was handed over. */
    record Outstanding(long bytes) implements End {}

    /** It was settled. */
    record Settled(Settlement settlement) implements End {}
  }

  /** The fate of one lease. Thread-safe. */
  public static final class Fate {
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<Page> page = new CompletableFuture<>();
    private volatile @Nullable Visit visit;

    /**
     * Returns a future that completes with how the lease ended, or exceptionally if the fetcher
     * broke the protocol.
     */
    public CompletableFuture<End> end() {
      return end;
    }

    /** Returns a future that completes with the page that was published for the lease. */
    public CompletableFuture<Page> page() {
      return page;
    }

    /** The visit as reported to the desk; null before it is reported. */
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
