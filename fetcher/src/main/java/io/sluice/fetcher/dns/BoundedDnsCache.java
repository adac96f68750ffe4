package io.sluice.fetcher.dns;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DefaultDnsCache;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cache of addresses that is bounded by count as well as by time; Netty's own is bounded by time
 * only. When full, the least recently used name is dropped.
 *
 * <p>Confined to its resolver's event loop.
 */
final class BoundedDnsCache implements DnsCache {
  private final DefaultDnsCache answers;
  private final int maxNames;

  /** The names in {@link #answers}, least recently used first; some may have expired. */
  private final Map<String, Boolean> names = new LinkedHashMap<>(16, 0.75f, true);

  BoundedDnsCache(int maxNames, int maxTtlSeconds) {
    this.answers = new DefaultDnsCache(0, maxTtlSeconds, 0);
    this.maxNames = maxNames;
  }

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
    keep(hostname);
    return answers.cache(hostname, additionals, address, originalTtl, loop);
  }

  /** Does not cache failures, since the library would lose their cause; see {@link AbsentNames}. */
  @Override
  public @Nullable DnsCacheEntry cache(
      String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    return null;
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
}
