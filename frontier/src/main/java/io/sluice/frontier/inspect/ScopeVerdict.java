package io.sluice.frontier.inspect;

import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Offer;
import io.sluice.core.url.Url;
import io.sluice.frontier.scope.Refusal;
import io.sluice.frontier.scope.Scope;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verdict of a configuration's scope on a URL. Immutable.
 *
 * @param href the URL as it is judged, without the parameters that {@code scope.strip-parameters}
 *     removes
 * @param word the refusal, such as {@code too-deep}; empty if the URL is accepted
 * @param key the setting that refuses it; null if the URL is accepted
 */
public record ScopeVerdict(String href, String word, @Nullable String key) {

  /**
   * Judges a URL as if it were offered at the given depth.
   *
   * @param admitted registered domains that belong to the crawl in addition to those of the
   *     config's seeds, unless {@code scope.domains} names domains
   * @param pages number of pages fetched from its host
   */
  public static ScopeVerdict of(
      Url url, int depth, SluiceConfig config, Collection<String> admitted, long pages) {
    Scope scope = new Scope(config);
    config.crawl().seeds().forEach(seed -> scope.admit(Offer.seed(seed.url())));
    admitted.forEach(scope::admit);
    Url offered = scope.stripped(new Offer(url, depth, null, List.of())).url();
    Refusal refusal = scope.decide(offered, depth, null);
    if (refusal == null && scope.budgetSpent(offered.host(), pages)) {
      refusal = Refusal.HOST_BUDGET;
    }
    return refusal == null
        ? new ScopeVerdict(offered.href(), "", null)
        : new ScopeVerdict(offered.href(), refusal.word(), key(refusal));
  }

  /** The setting behind a refusal, by the refusal's word; the word itself if that is unknown. */
  public static String keyOf(String word) {
    Refusal refusal = refusal(word);
    return refusal == null ? word : key(refusal);
  }

  /** Whether the given word stands for a refusal by the scope, not by the fetcher. */
  public static boolean judges(@Nullable String word) {
    Refusal refusal = word == null ? null : refusal(word);
    return refusal != null && refusal != Refusal.ADDRESS_FORBIDDEN; // both refuse such addresses
  }

  private static @Nullable Refusal refusal(String word) {
    for (Refusal refusal : Refusal.values()) {
      if (refusal.word().equals(word)) {
        return refusal;
      }
    }
    return null;
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
      case PORT_FORBIDDEN -> "fetcher.addresses.ports";
      case ADDRESS_FORBIDDEN -> "fetcher.addresses.allow";
      case HOST_BUDGET -> "scope.max-pages-per-host, or max-pages of a rule of hosts";
      case PREFIX_BUDGET -> "scope.max-pages-per-prefix";
    };
  }
}
