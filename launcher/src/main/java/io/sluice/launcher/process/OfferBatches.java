package io.sluice.launcher.process;

import io.sluice.core.lease.Offer;
import io.sluice.frontier.Frontier;
import io.sluice.frontier.OfferCounts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Offers a long list of URLs to a frontier in batches; each is offered once the frontier has taken
 * the previous one. Confined to one thread.
 */
public final class OfferBatches {

  private static final int BATCH = 4096;
  private static final Duration BATCH_BOUND = Duration.ofMinutes(5);

  private final Frontier frontier;
  private final List<Offer> batch = new ArrayList<>();
  private OfferCounts counts = OfferCounts.NONE;

  /**
   * @param frontier borrowed
   */
  public OfferBatches(Frontier frontier) {
    this.frontier = frontier;
  }

  /**
   * Offers a URL, now or together with later ones.
   *
   * @throws IOException if the frontier failed or took more than five minutes for a batch
   */
  public void add(Offer offer) throws IOException, InterruptedException {
    batch.add(offer);
    if (batch.size() == BATCH) {
      flush();
    }
  }

  /**
   * Offers the URLs that were added and not offered yet.
   *
   * @throws IOException if the frontier failed or took more than five minutes
   */
  public void flush() throws IOException, InterruptedException {
    try {
      counts =
          counts.plus(
              frontier
                  .offer(List.copyOf(batch))
                  .toCompletableFuture()
                  .get(BATCH_BOUND.toMillis(), TimeUnit.MILLISECONDS));
      batch.clear();
    } catch (ExecutionException e) {
      throw new IOException("the frontier failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IOException("the frontier took no URLs within " + BATCH_BOUND, e);
    }
  }

  /** The numbers of offered URLs that were accepted and refused. */
  public OfferCounts counts() {
    return counts;
  }
}
