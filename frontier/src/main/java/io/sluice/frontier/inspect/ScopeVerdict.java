package io.sluice.frontier.inspect;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Offer;
import io.sluice.core.url.Url;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a config's scope says of a URL. Immutable.
 *
 * @param href the URL as it is judged, without what {@code scope.strip-parameters} takes off
 * @param word the refusal, such as {@code too-deep}; empty where the URL is taken
 * @param key the setting that refuses it; null where the URL is taken
 */
public record ScopeVerdict(String href, String word, @Nullable String key) {

  /**
   * Judges a URL as an offer of that depth to a crawl that has fetched nothing of its host. Seeds
   * in a file do not count: name {@code scope.domains} where that matters.
   */
  public static ScopeVerdict of(Url url, int depth, SluiceConfig config) {
    Scope scope = new Scope(config);
    config.crawl().seeds().forEach(seed -> scope.admit(seed.url()));
    Url offered = scope.stripped(new Offer(url, depth, null, List.of())).url();
    Refusal refusal = scope.decide(offered, depth, 0);
    return refusal == null
        ? new ScopeVerdict(offered.href(), "", null)
        : new ScopeVerdict(offered.href(), refusal.word(), key(refusal));
  }

  private static String key(Refusal refusal) {
    return switch (refusal) {
      case OUT_OF_DOMAIN -> "scope.domains";
      case NOT_INCLUDED -> "scope.include";
      case EXCLUDED -> "scope.exclude";
      case LINKS_NOT_FOLLOWED -> "crawl.follow-links";
      case TOO_DEEP -> "scope.max-depth, or that of a rule of hosts";
      case TOO_LONG -> "scope.max-url-length";
      case TOO_MANY_SEGMENTS -> "scope.max-path-segments";
      case REPEATED_SEGMENTS -> "scope.max-repeated-segments";
      case TOO_MANY_PARAMETERS -> "scope.max-query-parameters";
      case CREDENTIALS -> "URLs with a user name or password are never taken";
      case HOST_BUDGET -> "scope.max-pages-per-host, or max-pages of a rule of hosts";
      case PREFIX_BUDGET -> "scope.max-pages-per-prefix";
    };
  }
}
