package io.sluice.core.redis;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import io.sluice.core.resource.Ledger;
import io.sluice.core.resource.OwnedThreads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks up the Redis server's host name as the system does, with its hosts file and its name
 * servers. The system's lookup blocks, so it runs on a thread of its own, never on the event loop;
 * the thread ends when it has been idle for a while. The client library's resolver, which this
 * replaces, keeps a UDP socket open that has no owner and is never closed.
 *
 * <p>At most {@value #MAX_WAITING} lookups wait; further ones fail. Owns its thread. Thread-safe: a
 * concurrent set and an executor.
 */
final class HostLookups extends AddressResolverGroup<InetSocketAddress> {

  /** Maximum number of waiting lookups, more than the connections that a pool opens at a time. */
  private static final int MAX_WAITING = 64;

  private static final long IDLE_SECONDS = 5;

  /** How long closing waits for a running lookup, which cannot be interrupted. */
  private static final Duration CLOSE_BOUND = Duration.ofMillis(500);

  private final NameService names;
  private final Set<Promise<?>> pending = ConcurrentHashMap.newKeySet();
  private final OwnedThreads threads;
  private final ThreadPoolExecutor thread;

  /**
   * @param ledger where the thread is entered while it lives; borrowed
   */
  HostLookups(Ledger ledger) {
    this(InetAddress::getAllByName, ledger);
  }

  /** As above, with a name service for tests. */
  HostLookups(NameService names, Ledger ledger) {
    this.names = names;
    this.threads =
        new OwnedThreads(
            Thread.ofPlatform().daemon().name("redis-lookups"), ledger, "redis.lookups");
    this.thread =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), threads);
    thread.allowCoreThreadTimeOut(true);
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return new InetNameResolver(executor) {
      @Override
      protected void doResolve(String host, Promise<InetAddress> answer) {
        lookUp(() -> names.addressesOf(host)[0], answer);
      }

      @Override
      protected void doResolveAll(String host, Promise<List<InetAddress>> answer) {
        lookUp(() -> List.of(names.addressesOf(host)), answer);
      }
    }.asAddressResolver();
  }

  private <T> void lookUp(Callable<T> lookup, Promise<T> answer) {
    pending.add(answer);
    answer.addListener(_ -> pending.remove(answer));
    try {
      thread.execute(() -> complete(answer, lookup));
    } catch (RejectedExecutionException e) {
      answer.tryFailure(e);
    }
  }

  private static <T> void complete(Promise<T> answer, Callable<T> lookup) {
    try {
      answer.trySuccess(lookup.call());
    } catch (Exception e) {
      answer.tryFailure(e);
    }
  }

  /**
   * Fails the lookups that are waiting or running, and ends the thread; takes at most half a
   * second.
   */
  @Override
  public void close() {
    super.close();
    thread.shutdownNow();
    RedisLostException closed = new RedisLostException("no longer connecting");
    pending.forEach(answer -> answer.tryFailure(closed));
    try {
      var _ = threads.awaitEnd(thread, CLOSE_BOUND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where names are looked up. */
  interface NameService {
    /**
     * The addresses of a host, at least one; blocks.
     *
     * @throws java.net.UnknownHostException if it has none, or no name server answers
     */
    InetAddress[] addressesOf(String host) throws IOException, InterruptedException;
  }
}
