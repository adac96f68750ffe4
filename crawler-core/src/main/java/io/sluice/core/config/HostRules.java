package io.sluice.core.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of each host: those of the first rule that matches it, else those of the crawl. An
 * answer takes one lookup for each label, however many rules there are. Immutable.
 */
public final class HostRules {

  private static final String BELOW = "*.";

  private final List<HostRule> rules;
  private final HostSettings others;

  /** The first rule of each named host, and of each domain, by its index in the list. */
  private final Map<String, Integer> hosts = new HashMap<>();

  private final Map<String, Integer> domains = new HashMap<>();

  private HostRules(List<HostRule> rules, HostSettings others) {
    this.rules = List.copyOf(rules);
    this.others = others;
    for (int index = 0; index < rules.size(); index++) {
      String match = rules.get(index).match();
      if (match.startsWith(BELOW)) {
        domains.putIfAbsent(match.substring(BELOW.length()), index);
      } else {
        hosts.putIfAbsent(match, index);
      }
    }
  }

  /** The rules of a configuration. */
  public static HostRules of(SluiceConfig config) {
    return new HostRules(config.hosts(), HostSettings.of(config.scope(), config.politeness()));
  }

  /**
   * The settings of a host.
   *
   * @param host as {@code Url.host()} gives it
   */
  public HostSettings settingsOf(String host) {
    if (rules.isEmpty()) {
      return others;
    }
    int first = hosts.getOrDefault(host, rules.size());
    for (int from = 0; from >= 0 && !domains.isEmpty(); from = below(host, from)) {
      first = Math.min(first, domains.getOrDefault(host.substring(from), rules.size()));
    }
    return first == rules.size() ? others : rules.get(first).settings();
  }

  /** The largest number of simultaneous connections that any host is allowed. */
  public int mostConnections() {
    int most = others.connections();
    for (HostRule rule : rules) {
      most = Math.max(most, rule.settings().connections());
    }
    return most;
  }

  /** Where the parent domain begins; -1 if there is none. */
  private static int below(String host, int from) {
    int dot = host.indexOf('.', from);
    return dot < 0 ? -1 : dot + 1;
  }
}
