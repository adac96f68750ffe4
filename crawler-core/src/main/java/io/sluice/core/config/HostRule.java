package io.sluice.core.config;

import io.sluice.core.lease.Priority;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a rule sets for some hosts. A setting that is null is not the rule's concern. Immutable.
 *
 * @param match a host, or {@code *.} and a domain, which means the domain and all hosts below it
 */
public record HostRule(
    String match,
    @Nullable Duration delay,
    @Nullable Integer connections,
    @Nullable Long maxPages,
    @Nullable Integer maxDepth,
    @Nullable Priority priority) {

  private static final String BELOW = "*.";

  /** Whether the rule concerns all hosts that {@code pattern}, a host or a match, stands for. */
  public boolean covers(String pattern) {
    if (pattern.equals(match)) {
      return true;
    }
    String name = pattern.startsWith(BELOW) ? pattern.substring(BELOW.length()) : pattern;
    return match.startsWith(BELOW)
        && (name.equals(match.substring(BELOW.length())) || name.endsWith(match.substring(1)));
  }

  /** What the rule sets, by the keys of the file and in their order. */
  public Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>();
    put(given, "delay", delay);
    put(given, "connections", connections);
    put(given, "max-pages", maxPages);
    put(given, "max-depth", maxDepth);
    put(given, "priority", priority);
    return given;
  }

  private static void put(Map<String, Object> given, String key, @Nullable Object value) {
    if (value != null) {
      given.put(key, value);
    }
  }

  /** The given settings, with what the rule sets in their place. */
  HostSettings over(HostSettings settings) {
    return new HostSettings(
        delay == null ? settings.delay() : delay,
        connections == null ? settings.connections() : connections,
        maxPages == null ? settings.maxPages() : maxPages,
        maxDepth == null ? settings.maxDepth() : maxDepth,
        priority == null ? settings.priority() : priority);
  }
}
