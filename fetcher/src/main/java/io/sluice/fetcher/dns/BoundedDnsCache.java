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
 * A cache of answers that is bounded by count as well as by time: Netty's own forgets by time only.
 * When full, the name that was asked for longest ago goes.
 *
 * <p>Confined to its resolver's event loop.
 */
final class BoundedDnsCache implements DnsCache {
  private final DefaultDnsCache answers;
  private final int maxNames;

  /** The names in {@link #answers}, the one asked for longest ago first; some may have expired. */
  private final Map<String, Boolean> names = new LinkedHashMap<>(16, 0.75f, true);

  BoundedDnsCache(int maxNames, int maxTtlSeconds, int negativeTtlSeconds) {
    this.answers = new DefaultDnsCache(0, maxTtlSeconds, negativeTtlSeconds);
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

  @Override
  public DnsCacheEntry cache(
      String hostname, DnsRecord[] additionals, Throwable cause, EventLoop loop) {
    keep(hostname);
    return answers.cache(hostname, additionals, cause, loop);
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
