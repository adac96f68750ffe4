package io.sluice.launcher.process;

import io.sluice.core.config.FetcherSettings;
import io.sluice.core.config.FrontierSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.stream.PageAppender;
import io.sluice.fetcher.cookie.WaitingChains;
import io.sluice.fetcher.http.BodyClaims;
import io.sluice.fetcher.robots.RobotsDesk;
import io.sluice.launcher.process.MemoryPlan.Need;
import io.sluice.launcher.process.MemoryPlan.Part;
import io.sluice.launcher.process.MemoryPlan.Verdict;
import java.util.List;

/**
 * Estimates a fetcher process's memory from its config: a fixed amount, then connections, bodies,
 * waiting URLs, and pages that Redis has not accepted yet. Pages in the handover count twice: as
 * bodies on the heap, and outside of it as bytes that are being written to Redis. A pure policy.
 * Stateless.
 */
final class FetcherMemory {

  /**
   * Live objects of an idle fetcher, without its shards. For comparison: with four shards, 20 MiB
   * were live after a collection in a heap of 64 MiB.
   */
  private static final long BASE_BYTES = 18 << 20;

  /** Memory of a shard: tables, the buffers of journal and logs, the batch of a merge. */
  private static final long SHARD_BYTES = 512 << 10;

  /**
   * Estimate for a connection: channel, pipeline and decoder 10 KiB; buffers, ciphers and session
   * of a TLS engine 34 KiB; and the body bytes allowed without a claim.
   */
  private static final long CONNECTION_BYTES = (44 << 10) + BodyClaims.LEAST_FREE_BYTES;

  /** A response's head is held twice: as bytes and as parsed fields. */
  private static final long HEAD_COPIES = 2;

  /** The allocator's chunks for input: HTTP, TLS, DNS, Redis replies. */
  private static final long DIRECT_BASE_BYTES = 16 << 20;

  private static final int LEAST_CONNECTIONS = 4;
  private static final long LEAST_BYTES = 1 << 20;

  private FetcherMemory() {}

  /**
   * Fits a config to a heap.
   *
   * @param heapBytes the process's heap; the process may use the same amount outside of it
   */
  static Verdict plan(SluiceConfig wanted, long heapBytes) {
    List<Part> parts = MemoryPlan.share(heapBytes, heap -> need(wanted, heap));
    if (parts == null) {
      return new Verdict.TooLittle(MemoryPlan.neededBytes(heap -> need(wanted, heap)));
    }
    SluiceConfig fit =
        wanted
            .with(
                wanted
                    .fetcher()
                    .withConnections(Math.toIntExact(parts.get(0).got()))
                    .withBodyBytes(parts.get(1).got()))
            .with(
                wanted
                    .frontier()
                    .withQueueBytes(parts.get(2).got())
                    .withOutstandingBytes(parts.get(3).got()));
    return new Verdict.Fits(fit, MemoryPlan.lowered(parts));
  }

  private static Need need(SluiceConfig wanted, long heapBytes) {
    FetcherSettings fetcher = wanted.fetcher();
    FrontierSettings frontier = wanted.frontier();
    long fixed =
        BASE_BYTES
            + frontier.shards() * SHARD_BYTES
            + RobotsDesk.maxCacheBytes(heapBytes)
            + WaitingChains.maxBytes(heapBytes);
    long connection = CONNECTION_BYTES + HEAD_COPIES * fetcher.maxHeaderBytes();
    Part connections =
        Part.count("fetcher.connections", LEAST_CONNECTIONS, fetcher.connections(), connection);
    Part queue = Part.bytes("frontier.queue-memory", LEAST_BYTES, frontier.queueBytes(), 1);
    Part outstanding =
        Part.bytes("frontier.outstanding-bytes", LEAST_BYTES, frontier.outstandingBytes(), 1);
    double others =
        fixed
            + (double) connection * fetcher.connections()
            + frontier.queueBytes()
            + frontier.outstandingBytes();
    long direct =
        DIRECT_BASE_BYTES
            + PageAppender.maxBytesInFlight(heapBytes)
            + PageAppender.DIRECT_COPIES * fetcher.maxBodyBytes();
    return new Need(
        fixed,
        direct,
        List.of(connections, bodies(fetcher, heapBytes, others), queue, outstanding));
  }

  /**
   * With {@code auto}, bodies get the usable heap that the other parts leave over, but at least an
   * eighth and at most a quarter of the whole heap.
   */
  private static Part bodies(FetcherSettings fetcher, long heapBytes, double others) {
    String key = "fetcher.body-memory";
    double each = 1 + 1.0 / BodyClaims.FREE_PART;
    long largest = BodyClaims.largest(fetcher.maxBodyBytes());
    if (fetcher.bodyBytes() > 0) {
      return Part.bytes(key, largest, Math.max(largest, fetcher.bodyBytes()), each);
    }
    long left = (long) ((MemoryPlan.usable(heapBytes) - others) / each);
    long most = heapBytes / BodyClaims.AUTO_PART;
    return Part.auto(key, largest, Math.max(largest, Math.clamp(left, most / 2, most)), each);
  }
}
