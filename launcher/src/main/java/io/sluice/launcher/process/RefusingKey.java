package io.sluice.launcher.process;

import io.sluice.core.lease.Reason;
import io.sluice.frontier.inspect.ScopeVerdict;

/** Maps the reason for which a URL was set aside to the setting responsible. Stateless. */
public final class RefusingKey {

  private RefusingKey() {}

  /**
   * Returns the setting of the scope or the fetcher that refused a URL; {@code word} itself if none
   * is known.
   */
  public static String of(String word) {
    return switch (Reason.of(word)) {
      case CRAWL_DELAY_TOO_LONG -> "politeness.max-crawl-delay";
      case ROBOTS_DISALLOW -> "politeness.robots";
      case ROBOTS_UNREACHABLE -> "politeness.patience";
      case TOO_MANY_REDIRECTS -> "fetcher.max-redirects";
      case TLS_CERTIFICATE -> "fetcher.verify-tls";
      case HEADERS_TOO_LARGE -> "fetcher.max-header";
      case FIRST_BYTE_TIMEOUT -> "fetcher.timeouts.first-byte or fetcher.timeouts.first-visit";
      case IDLE_TIMEOUT -> "fetcher.timeouts.idle";
      case TOTAL_TIMEOUT -> "fetcher.timeouts.total or fetcher.timeouts.first-visit";
      case SERVER_ERROR, TOO_MANY_REQUESTS -> "fetcher.attempts";
      case null, default -> ScopeVerdict.keyOf(word);
    };
  }

  /** Returns the setting as a clause in parentheses; empty if no setting is responsible. */
  public static String clause(String reason) {
    String key = of(reason);
    return key.equals(reason) ? "" : " (" + key + ")";
  }
}
