package io.sluice.fetcher.dns;

import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Name servers that are queried repeatedly, in turn, until one answers. The library sends a query
 * to each server only once, so a query lost on its way to the only server would never be repeated.
 * A server that answered, even with an error, is not sent the same query again.
 *
 * <p>Confined to its resolver's event loop.
 */
final class RepeatedServers implements DnsServerAddressStreamProvider {
  private final DnsServerAddressStreamProvider servers;
  private final int times;
  private final long silenceNanos;
  private final LongSupplier nanoTime;

  /**
   * @param servers at least one; borrowed
   * @param times maximum number of times that each server is sent the same query
   * @param queryTimeout the time after which the library gives up on a query
   */
  RepeatedServers(
      DnsServerAddressStreamProvider servers,
      int times,
      Duration queryTimeout,
      LongSupplier nanoTime) {
    this.servers = servers;
    this.times = times;
    this.silenceNanos = queryTimeout.toNanos() / 2; // the library uses another clock
    this.nanoTime = nanoTime;
  }

  @Override
  public DnsServerAddressStream nameServerAddressStream(String host) {
    return new Stream(servers.nameServerAddressStream(host));
  }

  /** The servers for one question, in a cycle: the first follows the last. */
  private final class Stream implements DnsServerAddressStream {
    private final DnsServerAddressStream once;

    /** When the last query was sent; meaningless before the first. */
    private long sentNanos = nanoTime.getAsLong();

    Stream(DnsServerAddressStream once) {
      this.once = once;
    }

    @Override
    public InetSocketAddress next() {
      sentNanos = nanoTime.getAsLong();
      return once.next();
    }

    /** The library compares this with the number of queries sent, after each query. */
    @Override
    public int size() {
      boolean unanswered = nanoTime.getAsLong() - sentNanos >= silenceNanos;
      return unanswered ? once.size() * times : once.size();
    }

    @Override
    public DnsServerAddressStream duplicate() {
      return new Stream(once.duplicate());
    }
  }
}
