package io.sluice.core.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rules that cover a host or a pattern by one lookup for each of its labels. Immutable.
 */
final class RulesByMatch {

  private static final String BELOW = "*.";

  private final Map<String, List<Integer>> indexes = new HashMap<>();

  RulesByMatch(List<HostRule> rules) {
    for (int index = 0; index < rules.size(); index++) {
      indexes.computeIfAbsent(rules.get(index).match(), _ -> new ArrayList<>()).add(index);
    }
  }

  /** The indexes of the rules that cover a host, or a match of another rule, in ascending order. */
  List<Integer> covering(String pattern) {
    List<Integer> covering = new ArrayList<>();
    boolean below = pattern.startsWith(BELOW);
    if (!below) {
      covering.addAll(indexes.getOrDefault(pattern, List.of()));
    }
    String name = below ? pattern.substring(BELOW.length()) : pattern;
    for (int from = 0; from >= 0; from = parent(name, from)) {
      covering.addAll(indexes.getOrDefault(BELOW + name.substring(from), List.of()));
    }
    Collections.sort(covering);
    return covering;
  }

  /** Where the parent domain's name begins; -1 if there is none. */
  private static int parent(String name, int from) {
    int dot = name.indexOf('.', from);
    return dot < 0 ? -1 : dot + 1;
  }
}
