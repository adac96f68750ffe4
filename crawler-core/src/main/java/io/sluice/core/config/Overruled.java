package io.sluice.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Settings of {@code hosts} rules that never count, since a later rule that matches the same hosts
 * sets them, too. Stateless.
 */
public final class Overruled {

  private Overruled() {}

  /** A line for each such setting, in the order of the file. */
  public static List<String> lines(List<HostRule> rules) {
    List<String> lines = new ArrayList<>();
    RulesByMatch byMatch = new RulesByMatch(rules);
    for (int earlier = 0; earlier < rules.size(); earlier++) {
      HostRule rule = rules.get(earlier);
      List<Integer> covering = byMatch.covering(rule.match());
      for (String key : rule.given().keySet()) {
        int later = last(covering, rules, key);
        if (later > earlier) {
          lines.add(
              "hosts[%d].%s (%s) has no effect: hosts[%d] (%s) sets it later for the same hosts"
                  .formatted(earlier, key, rule.match(), later, rules.get(later).match()));
        }
      }
    }
    return lines;
  }

  /** The last of some rules that sets the key. */
  private static int last(List<Integer> indexes, List<HostRule> rules, String key) {
    return indexes.stream()
        .filter(index -> rules.get(index).given().containsKey(key))
        .reduce(0, Math::max);
  }
}
