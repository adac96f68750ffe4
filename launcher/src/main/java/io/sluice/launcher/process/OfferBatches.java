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
 * Offers a long list of URLs to a frontier in batches, each when the one before was taken. Confined
 * to one thread.
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
   * Offers a URL, now or with the next ones.
   *
   * @throws IOException if the frontier failed or took a batch for longer than five minutes
   */
  public void add(Offer offer) throws IOException, InterruptedException {
    batch.add(offer);
    if (batch.size() == BATCH) {
      flush();
    }
  }

  /**
   * Offers what was added and is not offered yet.
   *
   * @throws IOException if the frontier failed or took it for longer than five minutes
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

  /** What became of the URLs that were offered. */
  public OfferCounts counts() {
    return counts;
  }
}
