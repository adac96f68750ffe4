package io.sluice.launcher.cli;

import io.sluice.core.config.Echo;
import io.sluice.core.config.HostRule;
import io.sluice.core.config.HostRules;
import io.sluice.core.config.HostSettings;
import io.sluice.core.config.SluiceConfig;
import io.sluice.core.lease.Priority;
import io.sluice.core.url.Domains;
import io.sluice.core.url.Url;
import io.sluice.frontier.inspect.ScopeVerdict;
import io.sluice.launcher.progress.Amounts;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;

/**
 * What a configuration says about a URL: the scope's verdict, and each setting of its host with the
 * rule or key that decides it. Confined to the main thread.
 */
final class UrlSettings {

  private final SluiceConfig config;
  private final Url url;
  private final PrintWriter out;

  UrlSettings(SluiceConfig config, Url url, PrintWriter out) {
    this.config = config;
    this.url = url;
    this.out = out;
  }

  /**
   * Prints all of it.
   *
   * @param depth links from a seed to the URL
   */
  void print(int depth) throws IOException {
    out.println(url.href());
    line("scope", scope(depth), "");
    HostSettings host = HostRules.of(config).settingsOf(url.host());
    line("delay", Amounts.time(host.delay()), decidedBy("delay", "politeness.delay"));
    line(
        "connections",
        Amounts.count(host.connections()),
        decidedBy("connections", "politeness.connections-per-host"));
    line(
        "max-pages",
        host.maxPages() == 0 ? "no limit" : Amounts.count(host.maxPages()),
        decidedBy("max-pages", "scope.max-pages-per-host"));
    line("max-depth", Amounts.count(host.maxDepth()), decidedBy("max-depth", "scope.max-depth"));
    Priority priority = host.priority() == null ? Priority.NORMAL : host.priority();
    line("priority", priority.word(), decidedBy("priority", "the default"));
    line("robots", config.politeness().obeyRobots() ? "obey" : "ignore", "politeness.robots");
  }

  private void line(String what, String value, String source) {
    out.println("  %-11s  %-9s  %s".formatted(what, value, source).stripTrailing());
  }

  private String scope(int depth) throws IOException {
    Set<String> admitted =
        SeedsFileDomains.admit(url, config)
            ? Set.of(Domains.registeredDomain(url.host()))
            : Set.of();
    ScopeVerdict verdict = ScopeVerdict.of(url, depth, config, admitted, 0);
    String as = verdict.href().equals(url.href()) ? "" : ", as " + Echo.whole(verdict.href());
    return verdict.key() == null
        ? "taken at depth %d%s".formatted(depth, as)
        : "refused at depth %d%s: %s (%s)".formatted(depth, as, verdict.word(), verdict.key());
  }

  /** The last rule that sets a key for the URL's host, else the crawl's own key. */
  private String decidedBy(String key, String ofCrawl) {
    List<HostRule> rules = config.hosts();
    for (int i = rules.size() - 1; i >= 0; i--) {
      HostRule rule = rules.get(i);
      if (rule.covers(url.host()) && rule.given().containsKey(key)) {
        return "hosts[%d] (%s)".formatted(i, rule.match());
      }
    }
    return ofCrawl;
  }
}
