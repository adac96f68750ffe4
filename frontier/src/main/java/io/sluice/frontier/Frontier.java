package io.sluice.frontier;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.LeaseDesk;
import io.sluice.core.lease.LeaseId;
import io.sluice.core.lease.LeaseRecovery;
import io.sluice.core.lease.LeaseTaker;
import io.sluice.core.lease.Offer;
import io.sluice.core.lease.Settlement;
import io.sluice.core.lease.Visit;
import io.sluice.core.lifecycle.Deadline;
import io.sluice.core.lifecycle.Stage;
import io.sluice.core.resource.Ledger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * All URLs of a crawl and what is known of them, in files. See the package documentation for the
 * life of a URL. Thread-safe: each call is a message to the shards it concerns.
 */
@SuppressWarnings("DoNotCallSuggester") // the bodies follow
public final class Frontier implements LeaseDesk, LeaseRecovery, Stage {

  private Frontier() {}

  /**
   * Opens the frontier in {@code crawlDir/frontier}, makes it when missing, recovers it otherwise.
   * No lease is issued before {@link #start}.
   *
   * @param ledger borrowed; files and threads are entered there
   * @param registry borrowed
   * @throws FrontierInUseException if a live process owns the directory
   * @throws FrontierException if the files are damaged or newer, or the configuration differs in
   *     what cannot change; one line for the operator
   * @throws IOException if the files cannot be read or written
   */
  public static Frontier open(
      SluiceConfig config, Path crawlDir, Ledger ledger, MeterRegistry registry)
      throws IOException {
    return open(config, crawlDir, ledger, registry, InstantSource.system(), System::nanoTime);
  }

  /** {@link #open(SluiceConfig, Path, Ledger, MeterRegistry)} with a given time. */
  public static Frontier open(
      SluiceConfig config,
      Path crawlDir,
      Ledger ledger,
      MeterRegistry registry,
      InstantSource clock,
      LongSupplier nanoTime)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /**
   * Offers URLs, as a rule the seeds: at each start all of them, since those seen stop here and
   * their registered domains are the scope where {@code scope.domains} is empty. Offer a long list
   * in batches, each when the one before has completed.
   *
   * @return completes once what was accepted is journaled and synced
   */
  public CompletionStage<OfferCounts> offer(Collection<Offer> offers) {
    throw new UnsupportedOperationException();
  }

  /**
   * Begins to issue leases. Call once, after the leases of {@link #outAtStart} were sorted out and
   * the seeds offered.
   */
  public void start(LeaseTaker taker) {
    throw new UnsupportedOperationException();
  }

  /**
   * Completes when the crawl has come to its end and every settlement is synced; exceptionally when
   * the frontier's storage failed: then the process must stop, nothing more can be promised.
   */
  public CompletionStage<EndReason> finished() {
    throw new UnsupportedOperationException();
  }

  /** What the shards last published; cheap. */
  public FrontierStats stats() {
    throw new UnsupportedOperationException();
  }

  /**
   * The leases that have been outstanding for longer than {@code frontier.lease-timeout}. Who asks
   * revokes their pages and then {@linkplain #giveBack gives back} those that have neither page nor
   * outcome.
   */
  public CompletionStage<List<LeaseId>> overdue() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void visited(LeaseId lease, Visit visit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void outstanding(LeaseId lease, long bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> settle(LeaseId lease, Settlement settlement) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Set<LeaseId> outAtStart() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> giveBack(Collection<LeaseId> lost) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void stillOutstanding(Collection<LeaseId> leases) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String name() {
    return "frontier";
  }

  @Override
  public void stopIntake() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int cancelPending() {
    return 0;
  }

  @Override
  public Drained drain(Deadline deadline) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
