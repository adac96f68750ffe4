package io.sluice.it.web;

import io.sluice.core.config.HostRules;
import io.sluice.core.config.PolitenessSettings.Pace;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.url.Domains;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges, by the server's clock, whether a crawl observed the delays of hosts, registered domains
 * and addresses. Each test server has an oracle and stamps every request after its first byte was
 * read, and every response <em>before</em> its last byte is written. The pause measured here,
 * between a response and the next request, is therefore never shorter than the crawler's own, so an
 * early request is never due to jitter.
 *
 * <p>The delays in force are those in the configuration of the crawl that uses the server's name
 * server ({@link #crawled}). If several crawls visit a server, its oracle cannot attribute requests
 * to crawls, and does not judge them.
 *
 * <p>Thread-safe.
 */
public final class PolitenessOracle {

  /** The crawls of this JVM's tests, by name server. */
  private static final Map<String, Map<String, SluiceConfig>> CRAWLS = new ConcurrentHashMap<>();

  /** An answer that takes longer may have been abandoned by the client before its end. */
  private static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();

  /** One request. Thread-safe. */
  public static final class Ask {
    private final String address;
    private volatile String host = "";
    private final long beganNanos = System.nanoTime();
    private volatile long endedNanos = beganNanos;
    private volatile long restNanos;

    private Ask(String address) {
      this.address = address;
    }

    /** Called when the request's head was read, with its Host field. */
    public void to(String hostField) {
      host = hostField.replaceFirst(":\\d+$", "").replaceFirst("\\.$", "");
    }

    /** Called just before the last byte of the response is written. */
    public void answers() {
      answers(null);
    }

    /** Like {@link #answers()}, for a response that requests a pause of this length. */
    public void answers(@Nullable Duration retryAfter) {
      long now = System.nanoTime();
      endedNanos = now - beganNanos > SLOW_NANOS ? beganNanos : now;
      restNanos = retryAfter == null ? 0 : retryAfter.toNanos();
    }
  }

  /** The number of requests judged, the early ones, and the smallest margin. */
  public record Verdict(int requests, List<String> early, @Nullable Duration leastSlack) {}

  private final String nameServer;

  /** Maximum number of requests that are judged, namely the latest; a soak test has millions. */
  private static final int MAX_ASKS = 200_000;

  private final Queue<Ask> asks = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param nameServer the name server that resolves the judged server's hosts
   */
  public PolitenessOracle(String nameServer) {
    this.nameServer = nameServer;
  }

  /** Records that a crawl was started with {@code config}. */
  public static void crawled(SluiceConfig config) {
    for (var server : config.fetcher().dns().servers()) {
      String key = server.toString().replaceFirst("^.*/", "");
      CRAWLS
          .computeIfAbsent(key, _ -> new ConcurrentHashMap<>())
          .put(config.crawl().dir().toString(), config);
    }
  }

  /**
   * Called when a request's first byte was read.
   *
   * @param address the server's address that received the request
   */
  public Ask asked(InetAddress address) {
    Ask ask = new Ask(address.getHostAddress());
    asks.add(ask);
    if (count.incrementAndGet() > MAX_ASKS) {
      asks.poll();
    }
    return ask;
  }

  /** Every early request, according to the configuration of the only crawl. */
  public List<String> early() {
    Map<String, SluiceConfig> crawls = CRAWLS.getOrDefault(nameServer, Map.of());
    if (crawls.size() != 1) {
      return List.of();
    }
    List<String> early = new ArrayList<>();
    judge(crawls.values().iterator().next()).values().forEach(v -> early.addAll(v.early()));
    return early;
  }

  /** Fails if any request was early. */
  public void check() {
    List<String> early = early();
    if (!early.isEmpty()) {
      throw new AssertionError(
          early.size()
              + " requests came early:\n"
              + String.join("\n", early.subList(0, Math.min(20, early.size()))));
    }
  }

  /** Returns a verdict for each kind of delay: host, domain, address, retry-after. */
  public Map<String, Verdict> judge(SluiceConfig config) {
    HostRules rules = HostRules.of(config);
    Pace domain = config.politeness().domain();
    Pace address = config.politeness().address();
    Map<String, Verdict> verdicts = new TreeMap<>();
    verdicts.put(
        "host",
        judge(
            "host",
            ask -> ask.host,
            ask -> rules.settingsOf(ask.host).delay(),
            ask -> rules.settingsOf(ask.host).connections()));
    verdicts.put(
        "domain",
        judge(
            "domain",
            ask -> Domains.registeredDomain(ask.host),
            _ -> domain.delay(),
            _ -> domain.connections()));
    verdicts.put(
        "address",
        judge("address", ask -> ask.address, _ -> address.delay(), _ -> address.connections()));
    verdicts.put("retry-after", judgeRests());
    return verdicts;
  }

  private Verdict judge(
      String clock,
      Function<Ask, String> keyOf,
      Function<Ask, Duration> delayOf,
      Function<Ask, Integer> connectionsOf) {
    List<String> early = new ArrayList<>();
    long least = Long.MAX_VALUE;
    for (Map.Entry<String, List<Ask>> one : byKey(keyOf).entrySet()) {
      List<Ask> sorted = one.getValue();
      Duration delay = delayOf.apply(sorted.getFirst());
      int connections = connectionsOf.apply(sorted.getFirst());
      if (connections == 0) {
        connections = delay.isZero() ? sorted.size() : 1;
      }
      // request n may begin one delay after request (n - connections) has ended, in the order of
      // their ends
      List<Long> ends = new ArrayList<>();
      for (Ask ask : sorted) {
        if (ends.size() >= connections) {
          ends.sort(Comparator.naturalOrder());
          long slack = ask.beganNanos - ends.get(ends.size() - connections) - delay.toNanos();
          least = Math.min(least, slack);
          if (slack < 0) {
            early.add(
                "%s %s: %s ms after the end of a request, delay %s ms"
                    .formatted(
                        clock, one.getKey(), (slack + delay.toNanos()) / 1e6, delay.toMillis()));
          }
        }
        ends.add(ask.endedNanos);
      }
    }
    return new Verdict(
        asks.size(), early, least == Long.MAX_VALUE ? null : Duration.ofNanos(least));
  }

  private Verdict judgeRests() {
    List<String> early = new ArrayList<>();
    long least = Long.MAX_VALUE;
    int rests = 0;
    for (Map.Entry<String, List<Ask>> one : byKey(ask -> ask.host).entrySet()) {
      for (Ask asking : one.getValue()) {
        if (asking.restNanos == 0) {
          continue;
        }
        rests++;
        for (Ask ask : one.getValue()) {
          long slack = ask.beganNanos - asking.endedNanos - asking.restNanos;
          if (ask.beganNanos - asking.endedNanos > 0) {
            least = Math.min(least, slack);
            if (slack < 0) {
              early.add(
                  "host %s: %s ms after Retry-After: %s ms"
                      .formatted(
                          one.getKey(),
                          (slack + asking.restNanos) / 1e6,
                          asking.restNanos / 1_000_000));
            }
          }
        }
      }
    }
    return new Verdict(rests, early, least == Long.MAX_VALUE ? null : Duration.ofNanos(least));
  }

  private Map<String, List<Ask>> byKey(Function<Ask, String> keyOf) {
    Map<String, List<Ask>> byKey = new TreeMap<>();
    for (Ask ask : asks.stream().filter(ask -> !ask.host.isEmpty()).toList()) {
      byKey.computeIfAbsent(keyOf.apply(ask), _ -> new ArrayList<>()).add(ask);
    }
    byKey.values().forEach(list -> list.sort(Comparator.comparingLong(ask -> ask.beganNanos)));
    return byKey;
  }
}
