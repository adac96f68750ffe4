package io.sluice.core.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of each host: those of the crawl, changed by each rule that matches it, in the order
 * of the file, so that for each setting the last rule counts. An answer takes one lookup for each
 * label, however many rules there are. Immutable.
 */
public final class HostRules {

  private static final String BELOW = "*.";

  private final List<HostRule> rules;
  private final HostSettings others;

  /** The settings of each host that a rule names. */
  private final Map<String, HostSettings> hosts = new HashMap<>();

  /**
   * The settings of each domain that a {@code *.} rule names; they also apply to hosts below it
   * that have no closer entry.
   */
  private final Map<String, HostSettings> domains = new HashMap<>();

  private HostRules(List<HostRule> rules, HostSettings others) {
    this.rules = List.copyOf(rules);
    this.others = others;
    RulesByMatch byMatch = new RulesByMatch(rules);
    for (HostRule rule : rules) {
      String match = rule.match();
      if (match.startsWith(BELOW)) {
        domains.computeIfAbsent(match.substring(BELOW.length()), _ -> merged(byMatch, match));
      } else {
        hosts.computeIfAbsent(match, _ -> merged(byMatch, match));
      }
    }
  }

  private HostSettings merged(RulesByMatch byMatch, String pattern) {
    HostSettings settings = others;
    for (int index : byMatch.covering(pattern)) {
      settings = rules.get(index).over(settings);
    }
    return settings;
  }

  /** The rules of a configuration. */
  public static HostRules of(SluiceConfig config) {
    return new HostRules(config.hosts(), HostSettings.of(config.scope(), config.politeness()));
  }

  /**
   * The settings of a host. Hosts that the same rules match share an instance.
   *
   * @param host as {@code Url.host()} gives it
   */
  public HostSettings settingsOf(String host) {
    if (rules.isEmpty()) {
      return others;
    }
    HostSettings named = hosts.get(host);
    for (int from = 0; named == null && from >= 0; from = below(host, from)) {
      named = domains.get(host.substring(from));
    }
    return named == null ? others : named;
  }

  /** The largest number of simultaneous connections that any host is allowed. */
  public int mostConnections() {
    int most = others.connections();
    for (HostRule rule : rules) {
      most = Math.max(most, rule.over(others).connections());
    }
    return most;
  }

  /** Where the parent domain begins; -1 if there is none. */
  private static int below(String host, int from) {
    int dot = host.indexOf('.', from);
    return dot < 0 ? -1 : dot + 1;
  }
}
