package io.sluice.fetcher.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of addresses that is bounded by count as well as by time; Netty's own is bounded by time
 * only. When full, the least recently used name is dropped.
 *
 * <p>Only addresses of names that are being looked up are kept. When one family's answer ends a
 * lookup, the other's may still come, and alone it would be taken for all addresses of the name.
 *
 * <p>Confined to its resolvers' event loop.
 */
final class BoundedDnsCache implements DnsCache {
  private static final DnsRecord[] NO_RECORDS = {};

  /** Maximum number of addresses kept of a name; an answer may have thousands. */
  static final int MAX_ADDRESSES = 64;

  private final DefaultDnsCache answers;
  private final int maxNames;
  private final Predicate<String> lookedUp;

  /** The names in {@link #answers}, least recently used first; some may have expired. */
  private final Map<String, Boolean> names = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param maxTtlSeconds maximum time that an address is kept
   * @param lookedUp whether a name is being looked up
   */
  BoundedDnsCache(int maxNames, int maxTtlSeconds, Predicate<String> lookedUp) {
    this.answers = new DefaultDnsCache(0, maxTtlSeconds, 0);
    this.maxNames = maxNames;
    this.lookedUp = lookedUp;
  }

  /** The addresses of a name, those of version 4 first; empty if none are kept. */
  List<InetAddress> addresses(String hostname) {
    List<? extends DnsCacheEntry> entries = get(hostname, NO_RECORDS);
    if (entries == null || entries.isEmpty()) {
      return List.of();
    }
    List<InetAddress> addresses = new ArrayList<>(entries.size());
    for (DnsCacheEntry entry : entries) {
      InetAddress address = entry.address();
      if (address != null) {
        addresses.add(address);
      }
    }
    addresses.sort(Comparator.comparing(Inet6Address.class::isInstance));
    return addresses;
  }

  /** Drops all addresses and their timers. */
  @Override
  public void clear() {
    names.clear();
    answers.clear();
  }

  @Override
  public boolean clear(String hostname) {
    names.remove(hostname);
    return answers.clear(hostname);
  }

  @Override
  public @Nullable List<? extends DnsCacheEntry> get(String hostname, DnsRecord[] additionals) {
    names.get(hostname);
    return answers.get(hostname, additionals);
  }

  @Override
  public DnsCacheEntry cache(
      String hostname,
      DnsRecord[] additionals,
      InetAddress address,
      long originalTtl,
      EventLoop loop) {
    if (!lookedUp.test(hostname) || isFull(hostname)) {
      return new Passing(address);
    }
    keep(hostname);
    return answers.cache(hostname, additionals, address, originalTtl, loop);
  }

  /** Does not cache failures, since the library would lose their cause; see {@link AbsentNames}. */
  @Override
  public @Nullable DnsCacheEntry cache(
      String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    return null;
  }

  private boolean isFull(String hostname) {
    List<? extends DnsCacheEntry> kept = answers.get(hostname, NO_RECORDS);
    return kept != null && kept.size() >= MAX_ADDRESSES;
  }

  private void keep(String hostname) {
    names.put(hostname, Boolean.TRUE);
    if (names.size() > maxNames) {
      Iterator<String> eldest = names.keySet().iterator();
      String evicted = eldest.next();
      eldest.remove();
      answers.clear(evicted);
    }
  }

  /** An address that is not kept. */
  private record Passing(InetAddress address) implements DnsCacheEntry {
    @Override
    public @Nullable Throwable cause() {
      return null;
    }
  }
}
