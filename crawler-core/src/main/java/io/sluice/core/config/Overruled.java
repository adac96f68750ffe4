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
    for (int earlier = 0; earlier < rules.size(); earlier++) {
      HostRule rule = rules.get(earlier);
      for (String key : rule.given().keySet()) {
        int later = overruler(rules, earlier, key);
        if (later > 0) {
          lines.add(
              "hosts[%d].%s (%s) has no effect: hosts[%d] (%s) sets it later for the same hosts"
                  .formatted(earlier, key, rule.match(), later, rules.get(later).match()));
        }
      }
    }
    return lines;
  }

  /** The last rule that sets the key for all hosts of a rule; 0 if none comes after it. */
  private static int overruler(List<HostRule> rules, int earlier, String key) {
    for (int later = rules.size() - 1; later > earlier; later--) {
      HostRule rule = rules.get(later);
      if (rule.given().containsKey(key) && rule.covers(rules.get(earlier).match())) {
        return later;
      }
    }
    return 0;
  }
}
