package io.sluice.core.redis;

import io.sluice.core.config.Echo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells Redis's condition from what it answers. Pure functions.
 *
 * <p>Thread-safe: stateless.
 */
final class Diagnosis {

  private static final RedisCondition WELL = new RedisCondition.Well();
  private static final String KEEPS_ALL = "noeviction";

  private Diagnosis() {}

  /**
   * What a probe found.
   *
   * @param info the answer to INFO
   * @param refusal what Redis answered to a write that changes nothing; null if it took it
   */
  static RedisCondition of(Map<String, String> info, @Nullable String refusal) {
    if ("1".equals(info.get("loading"))) {
      return new RedisCondition.Loading();
    }
    if ("slave".equals(info.get("role"))) {
      return new RedisCondition.ReadOnly();
    }
    RedisCondition evicting = evicting(info);
    if (evicting != null) {
      return evicting;
    }
    return refusal == null ? WELL : ofRefusal(refusal);
  }

  /** Whether it would throw data away; null if not. */
  static RedisCondition.@Nullable Evicting evicting(Map<String, String> info) {
    boolean bounded = !"0".equals(info.getOrDefault("maxmemory", "0"));
    String policy = info.getOrDefault("maxmemory_policy", KEEPS_ALL);
    return bounded && !KEEPS_ALL.equals(policy)
        ? new RedisCondition.Evicting(Echo.of(policy))
        : null;
  }

  /** What the refusal of a write means. Whoever may not write the probe's key is not told by it. */
  static RedisCondition ofRefusal(String refusal) {
    return switch (word(refusal)) {
      case "OOM" -> new RedisCondition.Full();
      case "READONLY" -> new RedisCondition.ReadOnly();
      case "LOADING" -> new RedisCondition.Loading();
      case "NOPERM" -> WELL;
      default -> new RedisCondition.Refusing(Echo.of(refusal));
    };
  }

  /** Whether the refusal tells of Redis as a whole, or of what is made again by itself. */
  static boolean passing(String refusal) {
    return switch (word(refusal)) {
      case "OOM",
          "READONLY",
          "LOADING",
          "MISCONF",
          "NOREPLICAS",
          "CLUSTERDOWN",
          "MASTERDOWN",
          "BUSY",
          "NOGROUP",
          "UNBLOCKED" ->
          true;
      default -> false;
    };
  }

  /** The word that an error begins with. */
  static String word(String refusal) {
    int blank = refusal.indexOf(' ');
    return blank < 0 ? refusal : refusal.substring(0, blank);
  }
}
